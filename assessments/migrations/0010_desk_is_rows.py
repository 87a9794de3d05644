"""The desk is its rows; the document that it was is gone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessments", "0009_desk_from_documents")]
    operations = [
        # So that going back finds something to put into it.
        migrations.AlterField("questionnaire", "desk", models.TextField(default="")),
        migrations.RemoveField("questionnaire", "desk"),
    ]
