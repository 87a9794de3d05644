"""From the rows of the desk to the document, and back.

`read_desk` is what the rows say, complete or not; `document_of` reads it as strictly as a file;
`put_on_desk` makes the rows say a document, keeping the rows whose keys stay.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from operator import attrgetter
from typing import Any

from django.db import models

from assessments.instrument.document import SCHEMA, SIDES, Dimension, Item
from assessments.instrument.document import Questionnaire as Document
from assessments.instrument.faults import Path
from assessments.instrument.files import read_data
from assessments.questionnaires import rows
from assessments.questionnaires.models import Questionnaire

Plain = dict[str, Any]
PAIR_LABELS = range(1, 6)
RATING_VALUES = range(5)


@dataclass(frozen=True, slots=True)
class Desk:
    """The document that rows say, as plain data, and which row says what stands at a path."""

    plain: Plain
    rows: Mapping[Path, models.Model]

    def row_at(self, path: Path) -> models.Model:
        """The row that says the value at a path: of the longest beginning that has one."""
        for length in range(len(path), 0, -1):
            if row := self.rows.get(path[:length]):
                return row
        return self.rows[()]


def document_of(questionnaire: Questionnaire) -> Document:
    """The desk as a document; raises `DocumentFaults` while it is none."""
    return read_data(read_desk(questionnaire).plain)


# --- From rows to the document ---------------------------------------------------------------


def read_desk(questionnaire: Questionnaire) -> Desk:
    """What the rows say now. One query for each kind of row."""
    found: dict[Path, models.Model] = {(): questionnaire}

    def told(path: Path, some: Iterable[models.Model], tell: Any) -> list[Plain]:
        said = []
        for index, row in enumerate(some):
            found[(*path, index)] = row
            said.append(tell(row))
        return said

    def parts(model: type[rows.Part], *children: str) -> models.QuerySet[Any]:
        return model._default_manager.filter(questionnaire=questionnaire).prefetch_related(
            *children
        )

    dimensions = list(parts(rows.Dimension, "mistakes", "interview").select_related("cluster"))
    packs = list(questionnaire.pack_steps.select_related("recommendation"))
    plain = {
        "schema": SCHEMA,
        **_top(questionnaire),
        "sources": told(("sources",), parts(rows.Source), _source),
        "glossary": told(("glossary",), parts(rows.Term), _term),
        "background": told(
            ("background",), parts(rows.BackgroundQuestion, "options"), _background
        ),
        "clusters": told(("clusters",), parts(rows.Cluster), _cluster),
        "dimensions": told(("dimensions",), dimensions, _dimension),
        "items": told(("items",), parts(rows.Item, "options").select_related("dimension"), _item),
        "forms": told(("forms",), parts(rows.Form, "sections__placements__item"), _form),
        "roles": told(("roles",), parts(rows.Role, "targets__dimension", "near__other"), _role),
        "study": {
            "resources": told(("study", "resources"), parts(rows.Resource), _resource),
            "recommendations": told(
                ("study", "recommendations"),
                parts(rows.Recommendation, "readings__resource").select_related(
                    "dimension", "role"
                ),
                _recommendation,
            ),
            **{
                str(pack): [step.recommendation.key for step in packs if step.pack == pack]
                for pack in rows.PackStep.Pack
            },
            "step_hours": _numbers(questionnaire.step_hours),
            "tie_order": [d.key for d in sorted(dimensions, key=attrgetter("tie_place"))],
        },
    }
    return Desk(plain, found)


def _top(row: Questionnaire) -> Plain:
    return {
        "slug": row.slug,
        "title": row.title,
        "language": row.language,
        "licence": row.licence,
        "poles": {
            side: {
                "name": getattr(row, f"pole_{side}_name"),
                "long_name": getattr(row, f"pole_{side}_long_name"),
                "colour": getattr(row, f"pole_{side}_colour"),
            }
            for side in SIDES
        },
        "stems": {"pair": row.stem_pair, "rating": row.stem_rating},
        "anchors": {
            "pair": [getattr(row, f"pair_label_{n}") for n in PAIR_LABELS],
            "rating": [
                {
                    "value": value,
                    "label": getattr(row, f"rating_label_{value}"),
                    "text": getattr(row, f"rating_text_{value}"),
                }
                for value in RATING_VALUES
            ],
        },
    }


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",") if part.strip()]


def _lines(text: str) -> list[str]:
    return text.split("\n") if text else []


def _given(**optional: Any) -> Plain:
    """Those that are there: the document leaves out what is not."""
    return {name: value for name, value in optional.items() if value not in (None, "", False, [])}


def _source(row: rows.Source) -> Plain:
    return {"ref": row.ref, "title": row.title}


def _term(row: rows.Term) -> Plain:
    return {"term": row.term, "gloss": row.gloss}


def _background(row: rows.BackgroundQuestion) -> Plain:
    options = [{"key": option.key, "text": option.text} for option in row.options.all()]
    return {"key": row.key, "text": row.text, "options": options, **_given(sets=row.sets)}


def _cluster(row: rows.Cluster) -> Plain:
    texts = {name: getattr(row, name) for name in ("a_ready", "b_ready", "both", "neither_yet")}
    return {"key": row.key, "name": row.name, "texts": texts}


def _dimension(row: rows.Dimension) -> Plain:
    texts = {name: getattr(row, name) for name in ("leans_a", "leans_b", "both", "neither_yet")}
    return {
        "key": row.key,
        "name": row.name,
        "cluster": row.cluster.key,
        "definition": row.definition,
        "pole_a": row.pole_a,
        "pole_b": row.pole_b,
        "short_a": row.short_a,
        "short_b": row.short_b,
        **_given(half_weight=row.half_weight, guide=row.guide),
        "texts": texts | _given(always=row.always),
        "mistakes": [
            {"bad": mistake.bad, "good": mistake.good, **_given(side=mistake.side)}
            for mistake in row.mistakes.all()
        ],
        "interview": {
            side: [one.text for one in row.interview.all() if one.side == side] for side in SIDES
        },
        "source_refs": _lines(row.source_refs),
    }


def _item(row: rows.Item) -> Plain:
    common = {"key": row.key, "kind": row.kind, "dimension": row.dimension.key}
    match row.kind:
        case rows.Item.Kind.PAIR:
            own: Plain = {
                "left": {"pole": row.left_pole, "text": row.left_text},
                "right": {"pole": row.right_pole, "text": row.right_text},
            }
        case rows.Item.Kind.RATING:
            own = {"side": row.side, "text": row.text}
        case _:
            own = {
                "setting": row.setting,
                "text": row.text,
                "question": row.question,
                "options": [
                    {"key": o.key, "text": o.text, "fit_a": o.fit_a, "fit_b": o.fit_b}
                    for o in row.options.all()
                ],
            }
    return common | own | {"source_refs": _lines(row.source_refs)}


def _form(row: rows.Form) -> Plain:
    return {
        "key": row.key,
        "title": row.title,
        "sections": [
            {
                "title": section.title,
                "items": [placement.item.key for placement in section.placements.all()],
            }
            for section in row.sections.all()
        ],
        "rules": {
            "pairs_per_dimension": row.pairs_per_dimension,
            "ratings_per_side": row.ratings_per_side,
            "scenarios": {
                "a": row.scenarios_a,
                "b": row.scenarios_b,
                "mixed": row.scenarios_mixed,
            },
            "minutes_max": row.minutes_max,
            "rows": row.rows,
            **_given(quality_cap=row.quality_cap),
        },
    }


def _role(row: rows.Role) -> Plain:
    near = [{"role": one.other.key, "tells_apart": one.tells_apart} for one in row.near.all()]
    return {
        "key": row.key,
        "name": row.name,
        "gloss": row.gloss,
        "rationale": row.rationale,
        "targets": {
            target.dimension.key: {"position": target.position, "weight": target.weight}
            for target in row.targets.all()
        },
        **_given(near=near),
        "status": row.status,
    }


def _resource(row: rows.Resource) -> Plain:
    return {
        "key": row.key,
        "kind": row.kind,
        "title": row.title,
        "author": row.author,
        **_given(year=row.year, url=row.url),
        "note": row.note,
    }


def _recommendation(row: rows.Recommendation) -> Plain:
    return {
        "key": row.key,
        "kind": row.kind,
        **_given(dimension=row.dimension.key if row.dimension else None, side=row.side),
        "level_from": row.level_from,
        "level_to": row.level_to,
        "hours": row.hours,
        "title": row.title,
        "text": row.text,
        "done_when": row.done_when,
        **_given(
            resources=[reading.resource.key for reading in row.readings.all()],
            source_refs=_lines(row.source_refs),
            role=row.role.key if row.role else None,
        ),
    }


# --- From the document to rows ---------------------------------------------------------------


def put_on_desk(desk: Questionnaire, document: Document) -> None:
    """Make the rows say the document. Rows whose keys stay keep their ids.

    A fixed number of queries for each kind of row.
    """
    for name, value in _columns(document).items():
        setattr(desk, name, value)
    desk.save()
    stale: list[models.QuerySet[Any]] = []

    def put(model: type[rows.Part], wanted: Mapping[str, Plain]) -> dict[Any, Any]:
        of_desk = model._default_manager.filter(questionnaire=desk)
        kept, gone = _sync(of_desk, (model.identity,), _placed(wanted), questionnaire=desk)
        stale.append(gone)
        return {key: row for (key,), row in kept.items()}

    def put_children(
        model: type[models.Model], parent: str, identity: str, of: Iterable[Any], wanted: Any
    ) -> dict[Any, Any]:
        owners = list(of)
        siblings = model._default_manager.filter(**{f"{parent}__in": owners})
        kept, gone = _sync(siblings, (f"{parent}_id", identity), wanted)
        stale.append(gone)
        return kept

    put(rows.Source, {s.ref: {"title": s.title} for s in document.sources})
    put(rows.Term, {t.term: {"gloss": t.gloss} for t in document.glossary})
    questions = put(
        rows.BackgroundQuestion,
        {q.key: {"text": q.text, "sets": q.sets or ""} for q in document.background},
    )
    put_children(
        rows.BackgroundOption, "question", "key", questions.values(),
        {
            (questions[q.key].pk, option.key): {"place": n, "text": option.text}
            for q in document.background for n, option in enumerate(q.options)
        },
    )  # fmt: skip
    clusters = put(
        rows.Cluster, {c.key: {"name": c.name, **c.texts.model_dump()} for c in document.clusters}
    )
    ties = {key: place for place, key in enumerate(document.study.tie_order)}
    dimensions = put(
        rows.Dimension,
        {
            d.key: _dimension_columns(d, clusters[d.cluster], ties[d.key])
            for d in document.dimensions
        },
    )
    put_children(
        rows.Mistake, "dimension", "place", dimensions.values(),
        {
            (dimensions[d.key].pk, n): {"side": m.side or "", "bad": m.bad, "good": m.good}
            for d in document.dimensions for n, m in enumerate(d.mistakes)
        },
    )  # fmt: skip
    put_children(
        rows.InterviewQuestion, "dimension", "place", dimensions.values(),
        {
            (dimensions[d.key].pk, n): {"side": side, "text": text}
            for d in document.dimensions
            for n, (side, text) in enumerate(
                (side, text) for side in SIDES for text in getattr(d.interview, side)
            )
        },
    )  # fmt: skip
    items = put(
        rows.Item, {i.key: _item_columns(i, dimensions[i.dimension]) for i in document.items}
    )
    put_children(
        rows.Option, "item", "key", items.values(),
        {
            (items[i.key].pk, o.key): {
                "place": n, "text": o.text, "fit_a": o.fit_a, "fit_b": o.fit_b,
            }
            for i in document.items if i.kind == "scenario" for n, o in enumerate(i.options)
        },
    )  # fmt: skip
    forms = put(
        rows.Form,
        {
            f.key: {
                "title": f.title,
                "scenarios_a": f.rules.scenarios.a,
                "scenarios_b": f.rules.scenarios.b,
                "scenarios_mixed": f.rules.scenarios.mixed,
                "quality_cap": f.rules.quality_cap or "",
                **f.rules.model_dump(exclude={"scenarios", "quality_cap"}),
            }
            for f in document.forms
        },
    )
    sections = put_children(
        rows.Section, "form", "place", forms.values(),
        {
            (forms[f.key].pk, n): {"title": section.title}
            for f in document.forms for n, section in enumerate(f.sections)
        },
    )  # fmt: skip
    put_children(
        rows.Placement, "section", "item_id", sections.values(),
        {
            (sections[forms[f.key].pk, n].pk, items[key].pk): {"place": place}
            for f in document.forms
            for n, section in enumerate(f.sections)
            for place, key in enumerate(section.items)
        },
    )  # fmt: skip
    roles = put(
        rows.Role,
        {
            r.key: r.model_dump(include={"name", "gloss", "rationale", "status"})
            for r in document.roles
        },
    )
    put_children(
        rows.Target, "role", "dimension_id", roles.values(),
        {
            (roles[r.key].pk, dimensions[key].pk): target.model_dump()
            for r in document.roles for key, target in r.targets.items()
        },
    )  # fmt: skip
    put_children(
        rows.Neighbour, "role", "other_id", roles.values(),
        {
            (roles[r.key].pk, roles[near.role].pk): {"place": n, "tells_apart": near.tells_apart}
            for r in document.roles for n, near in enumerate(r.near)
        },
    )  # fmt: skip
    study = document.study
    resources = put(
        rows.Resource,
        {
            r.key: {
                "kind": r.kind, "title": r.title, "author": r.author, "year": r.year,
                "url": r.url or "", "note": r.note,
            }
            for r in study.resources
        },
    )  # fmt: skip
    recommendations = put(
        rows.Recommendation,
        {
            r.key: {
                **r.model_dump(
                    include={
                        "kind",
                        "level_from",
                        "level_to",
                        "hours",
                        "title",
                        "text",
                        "done_when",
                    }
                ),
                "dimension_id": dimensions[r.dimension].pk if r.dimension else None,
                "side": r.side or "",
                "source_refs": "\n".join(r.source_refs),
                "role_id": roles[r.role].pk if r.role else None,
            }
            for r in study.recommendations
        },
    )
    put_children(
        rows.Reading, "recommendation", "resource_id", recommendations.values(),
        {
            (recommendations[r.key].pk, resources[key].pk): {"place": n}
            for r in study.recommendations for n, key in enumerate(r.resources)
        },
    )  # fmt: skip
    _kept, gone = _sync(
        desk.pack_steps.all(),
        ("pack", "recommendation_id"),
        {
            (str(pack), recommendations[key].pk): {"place": n}
            for pack in rows.PackStep.Pack
            for n, key in enumerate(getattr(study, pack))
        },
        questionnaire=desk,
    )
    stale.append(gone)
    # Last, and what depends on others first: nothing that stays is still tied to what goes.
    for gone in reversed(stale):
        gone.delete()


def _columns(document: Document) -> Plain:
    columns: Plain = {
        "title": document.title,
        "language": document.language,
        "licence": document.licence,
        "stem_pair": document.stems.pair,
        "stem_rating": document.stems.rating,
        "step_hours": ", ".join(map(str, document.study.step_hours)),
    }
    for side in SIDES:
        for name, value in document.poles[side].model_dump().items():
            columns[f"pole_{side}_{name}"] = value
    for n, label in zip(PAIR_LABELS, document.anchors.pair, strict=True):
        columns[f"pair_label_{n}"] = label
    for anchor in document.anchors.rating:
        columns[f"rating_label_{anchor.value}"] = anchor.label
        columns[f"rating_text_{anchor.value}"] = anchor.text
    return columns


def _dimension_columns(dimension: Dimension, cluster: rows.Cluster, tie_place: int) -> Plain:
    return {
        "cluster_id": cluster.pk,
        "tie_place": tie_place,
        "guide": dimension.guide or "",
        "source_refs": "\n".join(dimension.source_refs),
        **dimension.model_dump(
            include={
                "name", "definition", "pole_a", "pole_b", "short_a", "short_b", "half_weight",
            }
        ),
        **dimension.texts.model_dump(exclude={"always"}),
        "always": dimension.texts.always or "",
    }  # fmt: skip


def _item_columns(item: Item, dimension: rows.Dimension) -> Plain:
    own: Plain = dict.fromkeys(
        (
            "left_pole",
            "left_text",
            "right_pole",
            "right_text",
            "side",
            "setting",
            "question",
            "text",
        ),
        "",
    )
    match item.kind:
        case "pair":
            own |= {
                "left_pole": item.left.pole,
                "left_text": item.left.text,
                "right_pole": item.right.pole,
                "right_text": item.right.text,
            }
        case "rating":
            own |= {"side": item.side, "text": item.text}
        case _:
            own |= {"setting": item.setting, "text": item.text, "question": item.question}
    refs = "\n".join(item.source_refs)
    return own | {"kind": item.kind, "dimension_id": dimension.pk, "source_refs": refs}


def _placed(wanted: Mapping[str, Plain]) -> dict[tuple[Hashable, ...], Plain]:
    places = count()
    return {(key,): {"place": next(places), **columns} for key, columns in wanted.items()}


def _sync(
    there: models.QuerySet[Any],
    identity: tuple[str, ...],
    wanted: Mapping[tuple[Hashable, ...], Plain],
    **always: Any,
) -> tuple[dict[tuple[Hashable, ...], Any], models.QuerySet[Any]]:
    """Make rows that are wanted be there as wanted; they, and those that are no longer wanted.

    A row is known by its columns `identity`; `wanted` has the other columns of each.
    """
    before = list(there)
    known = {tuple(getattr(row, name) for name in identity): row for row in before}
    new, changed, names = [], [], set()
    for key, columns in wanted.items():
        row = known.get(key)
        if row is None:
            fresh = there.model(**always, **dict(zip(identity, key, strict=True)), **columns)
            known[key] = fresh
            new.append(fresh)
            continue
        differing = {name for name, value in columns.items() if getattr(row, name) != value}
        for name in differing:
            setattr(row, name, columns[name])
        if differing:
            names |= differing
            changed.append(row)
    there.model._default_manager.bulk_create(new)
    if changed:
        there.model._default_manager.bulk_update(changed, sorted(names), batch_size=100)
    kept = {key: known[key] for key in wanted}
    # By id: of two rows in one place, only one is known by it.
    gone = {row.pk for row in before} - {row.pk for row in kept.values()}
    return kept, there.model._default_manager.filter(pk__in=gone)
