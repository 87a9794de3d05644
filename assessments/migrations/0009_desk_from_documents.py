"""Each desk, until now one document, as rows.

With the code of today: nothing was released before there were rows, so only copies of the
developers come through here. Whoever changes the rows later may make this do nothing.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from assessments.instrument.canonical import canonical_json, parse_canonical
from assessments.questionnaires.desk import document_of, put_on_desk
from assessments.questionnaires.models import Questionnaire


def to_rows(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Fill the rows from the documents."""
    for old in apps.get_model("assessments", "Questionnaire").objects.all():
        put_on_desk(Questionnaire.objects.get(pk=old.pk), parse_canonical(old.desk))


def to_documents(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write the documents from the rows; raises `DocumentFaults` for a desk that is none."""
    for old in apps.get_model("assessments", "Questionnaire").objects.all():
        old.desk = canonical_json(document_of(Questionnaire.objects.get(pk=old.pk)))
        old.save(update_fields=["desk"])


class Migration(migrations.Migration):
    dependencies = [("assessments", "0008_desk_rows")]
    operations = [migrations.RunPython(to_rows, to_documents)]
