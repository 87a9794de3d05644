"""The desk is its rows; the document that it was is gone."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("assessments", "0009_desk_from_documents")]
    operations = [migrations.RemoveField(model_name="questionnaire", name="desk")]
