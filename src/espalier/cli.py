"""The front door: `espalier serve`, `new`, `check` and the rest. Each command reads its input, calls the room that does the
work, and tells a person how it went; nothing is decided here."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from espalier.data.commands import commands as data_commands
from espalier.data.traces.commands import commands as trace_commands
from espalier.evals.commands import evaluate
from espalier.gateway.commands import commands as gateway_commands
from espalier.model.commands import register as model_commands
from espalier.studio.commands import register as studio_command
from espalier.train.commands import commands as train

if TYPE_CHECKING:
    from espalier.blueprint.problems import Problem
    from espalier.config import Settings
    from espalier.runtime.app import App
    from espalier.runtime.server import Site

cli = typer.Typer(
    name="espalier",
    help="""Apps from blueprints.

A blueprint is one page of YAML that says what an app is: its data, who may do what, its pages and its look. Espalier runs it.

Start with:  [bold]espalier new bakery[/]  and then  [bold]espalier serve bakery.yaml[/]""",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    add_completion=False,
)
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

cli.command("eval")(evaluate)
cli.add_typer(train)
cli.add_typer(data_commands)
cli.add_typer(trace_commands)
cli.add_typer(gateway_commands)
model_commands(cli)
studio_command(cli)

Paths = Annotated[list[Path], typer.Argument(help="Blueprint files, or folders of them.", show_default=False)]
Files = Annotated[list[Path], typer.Argument(help="Blueprint files, or folders of them.", show_default=False)]
DataFolder = Annotated[
    Path | None,
    typer.Option("--data", help="The folder for databases, uploads and the secret key.", show_default="espalier-data"),
]
ENDING = ".yaml"


@cli.command()
def serve(
    paths: Paths,
    port: Annotated[
        int | None,
        typer.Option(
            help="The port; 0 takes any free one. When it is taken, the next free one is.",
            min=0,
            max=65535,
            show_default="8000",
        ),
    ] = None,
    host: Annotated[
        str | None,
        typer.Option(help="The address to listen on; 0.0.0.0 lets other machines in.", show_default="127.0.0.1"),
    ] = None,
    data: DataFolder = None,
    watch: Annotated[bool, typer.Option("--watch/--no-watch", help="Reload an app when its file changes.")] = True,
) -> None:
    """Run apps.

    One blueprint is served at the address itself, several each under their own name, with a page that lists them. A change of a
    file counts at once; when it has faults the app keeps running as it was, and the faults are shown here.

    A fresh app has no accounts: its first one, the admin's, is made with a link that is printed here.
    """
    from espalier.runtime import server

    settings = _settings(host=host, port=port, data=data)
    logging.basicConfig(level=logging.WARNING, format="%(message)s", handlers=[_handler()])
    logging.getLogger("espalier").setLevel(logging.INFO)
    tells = server.Tells(
        broken=lambda file, problems: _show(file, problems, []),
        reloaded=lambda file: err.print(f"[green]Reloaded[/] {escape(file.name)}"),
        started=_tell_setup,
    )

    def ready(site: Site, address: str, as_asked: bool) -> None:
        if not as_asked:
            err.print(f"[yellow]Port {settings.port} is taken by another program[/], so this is another one.")
        for hosted in site.hosted.values():
            err.print(
                f"[bold]{escape(hosted.file.name)}[/] is at [link={address}{hosted.root}/]{address}{hosted.root}/[/link]"
            )
        if site.listing:
            err.print(f"All of them: [link={address}/]{address}/[/link]")
        if settings.host not in ("127.0.0.1", "localhost", "::1") and not settings.base_url:
            err.print(
                "[yellow]Other machines can reach this.[/] Set base_url to how they do, so that links in emails are right."
            )
        err.print("Stop with Ctrl-C.")
        if not site.listing:
            _start_first(site)

    try:
        server.serve(paths, settings, tells=tells, ready=ready, watch=watch)
    except server.CannotServe as error:
        _fail(str(error))
    err.print("Stopped.")


@cli.command()
def login(
    path: Annotated[Path, typer.Argument(help="The blueprint file of the app.", show_default=False)],
    email: Annotated[str, typer.Option(help="Which admin, when there are several.", show_default="the first")] = "",
    data: DataFolder = None,
    name: Annotated[str, typer.Option(help="The app's name in the data folder.", show_default="the file's name")] = "",
) -> None:
    """Print a link that signs the owner in.

    For when a password is lost and no email goes out. The link works once and for a quarter of an hour; the app must be
    running to open it. For an app without an admin it is the link that makes the first account.
    """
    from espalier.blueprint.names import slug
    from espalier.blueprint.problems import BlueprintError
    from espalier.runtime import server
    from espalier.runtime.app import App
    from espalier.runtime.people import welcome

    settings = _settings(data=data)
    word = name or slug(path.stem)
    folder = settings.data / word
    if not folder.is_dir():
        _fail(
            f"There is no data of {path.name} in {settings.data}. Serve it first, or say where the data is with --data."
        )
    try:
        blueprint = server.read_file(path)
    except BlueprintError as error:
        _show(path, error.problems, [])
        raise typer.Exit(1) from None
    base_url, root = server.last_address(folder)
    app = App(blueprint, folder, word, settings, base_url=settings.base_url or base_url, root=root)
    try:
        link = welcome.login_link(app, email) or (None if email else welcome.setup_link(app))
    finally:
        app.close()
    if link is None:
        _fail(f"There is no admin with the email {email} who can sign in.")
    out.print(link, markup=False)


@cli.command()
def new(
    name: Annotated[str, typer.Argument(help="What the app is called, such as `bakery`.", show_default=False)],
) -> None:
    """Write a small blueprint to start from.

    It makes NAME.yaml here: a working app with data, roles, rules, pages and an automation, meant to be changed.
    """
    from espalier.blueprint.names import slug
    from espalier.blueprint.printer import print_blueprint
    from espalier.blueprint.reader import read

    title = " ".join(name.removesuffix(ENDING).replace("_", " ").replace("-", " ").split())
    if not re.search(r"\w", title) or "/" in name or "\\" in name:
        _fail("Give a name such as `bakery`: letters, digits, spaces and dashes.")
    file = Path(f"{slug(title)}{ENDING}")
    starter = read((Path(__file__).parent / "starter.yaml").read_text("utf-8"))
    text = print_blueprint(starter.model_copy(update={"app": (title[:1].upper() + title[1:])[:80]}))
    try:
        with file.open("x", encoding="utf-8") as written:
            written.write(text)
    except FileExistsError:
        _fail(f"{file} exists already and was left as it is. Choose another name, or delete it first.")
    except OSError as error:
        _fail(f"{file} cannot be written here: {error.strerror}.")
    out.print(f"Wrote [bold]{file}[/]. Run it:\n\n    espalier serve {file}\n")


@cli.command()
def lint(
    files: Files,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list, for editors and scripts.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Count warnings as faults.")] = False,
) -> None:
    """Look for faults.

    Each is shown with its place, the text, and what to write instead. Faults keep an app from running; warnings are what was
    probably not meant. The exit code is 1 when there are faults.
    """
    found: list[dict[str, Any]] = []
    faults = 0
    files = _files(files)
    for file in files:
        problems, warnings = _look(file)
        faults += len(problems) + (len(warnings) if strict else 0)
        if as_json:
            found += [_entry(file, problem, "error") for problem in problems]
            found += [_entry(file, problem, "warning") for problem in warnings]
        else:
            _show(file, problems, warnings, out)
    if as_json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
    elif not faults:
        out.print(f"[green]No faults[/] in {len(files)} blueprint{'' if len(files) == 1 else 's'}.")
    if faults:
        raise typer.Exit(1)


@cli.command()
def check(
    apps: Annotated[
        list[Path],
        typer.Argument(
            metavar="APP",
            help="Blueprint files, or folders of them. With --many: a file of JSON lines, a folder, or - for what is piped in.",
            show_default=False,
        ),
    ],
    prompt: Annotated[
        str, typer.Option(help="What was asked for, in the words of whoever asked: is it there?", show_default=False)
    ] = "",
    rubric: Annotated[
        Path | None,
        typer.Option(help="What was asked for as a rubric, a JSON file, instead of one drawn from the prompt."),
    ] = None,
    browser: Annotated[
        bool, typer.Option("--browser", help="Look at the pages in an installed Chromium too; takes seconds.")
    ] = False,
    thorough: Annotated[
        bool, typer.Option("--thorough", help="Try every combination, not a part of those that are alike.")
    ] = False,
    screenshots: Annotated[
        Path | None,
        typer.Option(
            help="Keep pictures of the pages in this folder, at both widths; needs --browser, and --thorough for every page."
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the report as JSON; a list of reports for several apps.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Show all that failed, not the first few of a kind.")
    ] = False,
    times: Annotated[bool, typer.Option("--times", help="Show what each check took.")] = False,
    seconds: Annotated[
        float | None,
        typer.Option(
            min=0.1, max=3600, help="How long one app may take.", show_default="10; 60 with --browser or --thorough"
        ),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=1024, help="How many apps at once.", show_default="one for each core")
    ] = None,
    many: Annotated[
        bool,
        typer.Option(
            "--many",
            help='Judge each line {"blueprint": TEXT, "id"?, "prompt"?, "rubric"?}; print a JSON report a line, in order.',
        ),
    ] = False,
    to: Annotated[
        Path | None,
        typer.Option("--out", help="With --many: add to this file; what it holds already is not judged again."),
    ] = None,
    ray: Annotated[
        bool,
        typer.Option(
            "--ray", help="With --many: over a Ray cluster, that of RAY_ADDRESS; without one over a local Ray."
        ),
    ] = False,
    ray_address: Annotated[
        str, typer.Option(help="With --many: over the Ray cluster at this address.", show_default=False)
    ] = "",
) -> None:
    """Prove that apps work and are what was asked for.

    Each app is started in memory and used: everybody opens every page, forms are filled in and sent, what must be forbidden is
    tried. The report has one score from 0 to 1 and says of all that failed where it is, why, and what to write instead.

        espalier check bakery.yaml --prompt "a bakery shop, orders are paid at the counter"

    Apps are judged in a process of their own with limits on time and memory: one that hangs gets a report that says so.

    The exit code is 0 when nothing failed, 1 when something did, and 2 when the command itself cannot be understood.
    """
    from espalier.check import many as cases
    from espalier.check.bounded import Pool
    from espalier.check.readable import show

    if screenshots and not browser:
        raise typer.BadParameter("pictures are taken in a browser: add --browser", param_hint="--screenshots")
    if not many and (to or ray or ray_address):
        raise typer.BadParameter("--out, --ray and --ray-address go with --many")
    options = {
        "prompt": prompt,
        "rubric": _rubric(rubric) if rubric else None,
        "browser": browser,
        "thorough": thorough,
        "seconds": seconds,
        "screenshots": screenshots,
    }
    if many:
        if len(apps) != 1:
            raise typer.BadParameter("--many takes one file, one folder, or -")
        on = cases.on_ray(ray_address or None, workers) if ray or ray_address else cases.on_pool(workers)
        with _browser(browser):
            raise typer.Exit(_check_many(apps[0], options, on, to))
    files = _files(apps)
    if not files:
        raise typer.BadParameter("there is no blueprint in that folder", param_hint="APP")
    lines = [cases.read_file(file) for file in files]
    said: list[dict[str, Any]] = []
    failed = False
    with _browser(browser), Pool(min(workers or os.cpu_count() or 1, len(files)), warm=len(files) > 1) as pool:
        judged = cases.judge_lines(cases.with_options(lines, **options), pool.judge_all)
        for file, (_, report) in zip(files, judged, strict=True):
            failed = failed or not report.fine
            if as_json:
                said.append({"file": str(file), **report.as_json()})
            else:
                show(report, out, str(file), everything=everything, times=times)
                out.print()
    if as_json:
        one = len(apps) == 1 and not apps[0].is_dir()
        print(json.dumps(said[0] if one else said, indent=2, ensure_ascii=False))
    if failed:
        raise typer.Exit(1)


@contextmanager
def _browser(wanted: bool) -> Iterator[None]:
    """Says what to install when there is no browser to look with."""
    if not wanted:
        yield
        return
    from espalier.check.browser.driver import NoBrowser

    try:
        yield
    except NoBrowser as error:
        raise typer.BadParameter(str(error), param_hint="--browser") from None


def _check_many(source: Path, options: dict[str, Any], on: Any, to: Path | None) -> int:
    """One JSON report a line, to a file or standard output; the tally on standard error. The exit code."""
    import contextlib

    from espalier.check import many as cases

    if str(source) != "-" and not source.exists():
        raise typer.BadParameter(f"{source} does not exist", param_hint="APP")
    with contextlib.ExitStack() as stack:
        if source.is_dir():
            lines = cases.read_folder(source)
        elif str(source) == "-":
            lines = cases.read_lines(sys.stdin)
        else:
            lines = cases.read_lines(stack.enter_context(source.open(encoding="utf-8", errors="replace")))
        try:
            done = cases.done_before(to) if to else set()
            written = stack.enter_context(to.open("a", encoding="utf-8")) if to else sys.stdout
        except OSError as error:
            raise typer.BadParameter(f"{to} cannot be written: {error.strerror}", param_hint="--out") from None
        try:
            judged = stack.enter_context(on)
        except ImportError:
            raise typer.BadParameter("Ray is not installed: pip install 'espalier[ray]'", param_hint="--ray") from None
        except ConnectionError as error:
            raise typer.BadParameter(str(error).partition("\n")[0], param_hint="--ray-address") from None
        if done:
            err.print(f"{len(done)} are there already.")
        tally = cases.Tally()
        fresh = (line for line in cases.with_options(lines, **options) if (line.case.id, line.mark) not in done)
        with err.status("Starting") if err.is_terminal else contextlib.nullcontext() as status:
            for line, report in cases.judge_lines(fresh, judged):
                written.write(cases.as_text(line, report) + "\n")
                written.flush()
                tally.add(report)
                if status:
                    status.update(str(tally))
                elif tally.due():
                    err.print(str(tally))
    err.print(str(tally))
    return 1 if tally.failed else 0


def _rubric(file: Path) -> Any:
    """The rubric in a file, held against what a rubric may be."""
    from pydantic import ValidationError

    from espalier.check.requirements import Rubric

    try:
        return Rubric.model_validate_json(file.read_bytes())
    except OSError as error:
        raise typer.BadParameter(f"{file} cannot be read: {error.strerror}", param_hint="--rubric") from None
    except (ValidationError, ValueError) as error:
        raise typer.BadParameter(f"{file} is not a rubric: {error}", param_hint="--rubric") from None


@cli.command()
def rubric(
    prompt: Annotated[
        str, typer.Argument(help="What was asked for, in plain words; - reads it from what is piped in.")
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the rubric as JSON, for espalier check --rubric FILE.")
    ] = False,
    endpoint: Annotated[
        str,
        typer.Option(
            help="Ask a model for a second opinion: the base address of an OpenAI-compatible server.",
            show_default=False,
        ),
    ] = "",
    model: Annotated[str, typer.Option(help="Which model to ask there.", show_default=False)] = "",
) -> None:
    """List what a prompt demands.

    The same list, drawn by rules, is what espalier check --prompt holds an app against. Print it as JSON to change it by hand:

        espalier rubric "a bakery shop, orders are paid at the counter" --json > bakery.json
        espalier check bakery.yaml --rubric bakery.json

    With --endpoint a model is asked too; what only the model heard counts half. Its key, when it needs one, stands in the
    environment as ESPALIER_ENDPOINT_KEY.
    """
    from espalier.check.opinion import Endpoint, second_opinion
    from espalier.check.requirements import draw

    text = sys.stdin.read() if prompt == "-" else prompt
    if bool(endpoint) != bool(model):
        raise typer.BadParameter("an endpoint needs --model and a model needs --endpoint", param_hint="--endpoint")
    key = os.environ.get("ESPALIER_ENDPOINT_KEY", "")
    drawn = second_opinion(text, Endpoint(endpoint, model, key)) if endpoint else draw(text)
    for note in drawn.notes:
        err.print(note, markup=False)
    if as_json:
        print(drawn.model_dump_json(indent=2))
        return
    for one in drawn.requirements:
        out.print(f"- {one.phrase()}" + (f"  (counts {one.weight:g})" if one.weight != 1 else ""), markup=False)
    if not drawn.requirements:
        out.print("Nothing in it can be held against an app. Name what is kept, who uses it, and what they see.")


@cli.command()
def fmt(
    files: Files,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; the exit code is 1 when a file would change.")
    ] = False,
    drop_comments: Annotated[
        bool, typer.Option("--drop-comments", help="Go on although comments will be lost.")
    ] = False,
) -> None:
    """Rewrite blueprints in their canonical form.

    Keys in order, one spelling for everything, slips that the reader understands put right. Comments have no place in that
    form, so a file with comments is left alone unless you say --drop-comments.
    """
    from espalier.blueprint.printer import print_blueprint
    from espalier.blueprint.reader import read_all

    failed = False
    for file in _files(files):
        text = _text(file)
        reading = read_all(text)
        if reading.blueprint is None:
            _show(file, reading.problems, [])
            failed = True
            continue
        canonical = print_blueprint(reading.blueprint)
        if canonical == text:
            continue
        if check:
            out.print(f"[yellow]Would change[/] {escape(str(file))}")
            failed = True
        elif _has_comments(text) and not drop_comments:
            err.print(
                f"[yellow]{escape(str(file))} has comments[/], which the canonical form does not keep. Say --drop-comments to go on."
            )
            failed = True
        else:
            _replace(file, canonical)
            out.print(f"[green]Wrote[/] {escape(str(file))}")
            for fix in reading.fixes:
                out.print(f"  {escape(str(fix))}")
    if failed:
        raise typer.Exit(1)


def _settings(**given: Any) -> Settings:
    from espalier.config import SettingsError, load

    try:
        return load(**given)
    except SettingsError as error:
        _fail(str(error))
        raise AssertionError from None  # _fail leaves


def _fail(words: str) -> None:
    err.print(f"[red]{escape(words)}[/]")
    raise typer.Exit(1)


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except FileNotFoundError:
        _fail(f"{file} does not exist.")
    except (OSError, UnicodeDecodeError) as error:
        _fail(f"{file} cannot be read: {error}")
    return ""


@cli.command()
def patch(
    path: Annotated[Path, typer.Argument(help="The blueprint file of the app.", show_default=False)],
    change: Annotated[Path, typer.Argument(help="The patch: a YAML file.", show_default=False)],
    data: DataFolder = None,
    name: Annotated[str, typer.Option(help="The app's name in the data folder.", show_default="the file's name")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen to the data.")] = False,
) -> None:
    """Change an app by a patch.

    A patch holds what changes: keys are merged, null deletes. Under rename stand new names, which the data follows:

        rename: {Client: Customer, Client.phone: mobile}
        theme: {primary: navy}

    First it is said what happens to the data; what would lose values is refused, and nothing is changed then.
    """
    from espalier.blueprint import patch as patches
    from espalier.blueprint.names import slug
    from espalier.blueprint.printer import print_blueprint
    from espalier.blueprint.problems import BlueprintError
    from espalier.runtime import server
    from espalier.runtime.app import DATA_FILE
    from espalier.runtime.storage import Database, StorageError

    settings = _settings(data=data)
    try:
        before = server.read_file(path)
        wanted = patches.read_patch(_text(change))
        after = patches.apply(before, wanted)
    except BlueprintError as error:
        _show(change, error.problems, [])
        raise typer.Exit(1) from None
    renames = wanted.get("rename") or {}
    file = settings.data / (name or slug(path.stem)) / DATA_FILE
    try:
        if file.exists():
            database = Database.open(file, before)
            try:
                planned = database.plan(after, renames)
            finally:
                database.close()
            for note in planned.notes:
                out.print(note, markup=False)
            if planned.refused:
                raise planned.refused
            if not dry_run:
                Database.open(file, after, renames=renames).close()
    except StorageError as error:
        _fail(str(error))
    if dry_run:
        out.print("Nothing was changed.")
        return
    _replace(path, print_blueprint(after))
    out.print(f"[green]Changed[/] {escape(path.name)}.")


@cli.command()
def schema() -> None:
    """Print the JSON Schema of blueprints.

    For editors: espalier schema > blueprint.schema.json, and name that file as the schema of your YAML files.
    """
    from espalier.blueprint.json_schema import json_schema

    print(json.dumps(json_schema(), indent=2, ensure_ascii=False))


@cli.command()
def card() -> None:
    """Print the language on one page.

    Short enough for the prompt of any model: with it, a general model can write blueprints.
    """
    from espalier.blueprint.card import card as text

    print(text(), end="")


def _files(paths: Sequence[Path]) -> list[Path]:
    """Folders stand for the blueprints in them."""
    from espalier.runtime.server import ENDINGS

    return [
        file
        for path in paths
        for file in (sorted(one for one in path.iterdir() if one.suffix in ENDINGS) if path.is_dir() else [path])
    ]


def _look(file: Path) -> tuple[list[Problem], list[Problem]]:
    from espalier.blueprint.lint import lint as look

    reading, warnings = look(_text(file))
    return list(reading.problems), list(warnings)


def _entry(file: Path, problem: Problem, severity: str) -> dict[str, Any]:
    return {
        "file": str(file),
        "severity": severity,
        "line": problem.line,
        "column": problem.column,
        "message": problem.message,
        "text": problem.text,
        "suggestion": problem.suggestion,
        "where": problem.where,
    }


def _show(file: Path, problems: Sequence[Problem], warnings: Sequence[Problem], console: Console = err) -> None:
    for word, color, list_of in (("fault", "red", problems), ("warning", "yellow", warnings)):
        for problem in list_of:
            place = f":{problem.line}:{problem.column}" if problem.line else ""
            way = f"{problem.where}: " if problem.where else ""
            console.print(f"[bold]{escape(f'{file}{place}')}[/] [{color}]{word}[/] {escape(way + problem.message)}")
            if problem.text:
                console.print(f"    {escape(problem.text)}", style="dim")
            if problem.suggestion:
                console.print(f"    [green]{escape(problem.suggestion)}[/]")


def _has_comments(text: str) -> bool:
    return re.search(r"(?m)^\s*#|\s#\s", text) is not None


def _replace(file: Path, text: str) -> None:
    """Write a file whole or not at all."""
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        aside.write_text(text, "utf-8")
        aside.chmod(file.stat().st_mode)
        aside.replace(file)
    except OSError as error:
        aside.unlink(missing_ok=True)
        _fail(f"{file} cannot be written: {error.strerror}.")


def _start_first(site: Site) -> None:
    from espalier.blueprint.problems import BlueprintError

    hosted = next(iter(site.hosted.values()))
    try:
        hosted.app()
    except BlueprintError as error:
        _show(hosted.file, error.problems, [])
        err.print("[yellow]The app starts as soon as its blueprint is mended.[/]")


def _tell_setup(app: App) -> None:
    from espalier.runtime.people.welcome import setup_link

    if link := setup_link(app):
        err.print(
            f"\n[bold]{escape(app.blueprint.app)}[/] has no accounts yet. Make yours, the admin's:\n\n    [link={link}]{link}[/link]\n"
        )


def _handler() -> logging.Handler:
    from rich.logging import RichHandler

    return RichHandler(console=err, show_path=False, show_level=False, markup=False, rich_tracebacks=False)


def main() -> None:
    """Run the command line."""
    try:
        cli()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
