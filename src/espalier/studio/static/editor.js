// The view Blueprint: the text itself, with completion, faults as they are made, and saving.
import { get, post } from "./api.js";
import { completer } from "./completion.js";
import { button, find, h } from "./dom.js";
import { sure } from "./dialogs.js";
import { fail, say } from "./notices.js";
import { changeList, effect } from "./proposals.js";
import { count, keys } from "./words.js";

export function blueprint(here) {
  const panel = find("#panel-blueprint");
  const place = h("div", { class: "editor" });
  const state = h("span", { role: "status" });
  const save = button("Save", () => store(), { kind: "main little", disabled: true });
  const undo = button("Undo edits", () => set(here.app.blueprint), { kind: "plain little", hidden: true });
  save.append(h("kbd", { "aria-hidden": "true" }, keys("S")));
  panel.append(h("div", { class: "tools" }, h("span", { class: "muted small may-break" }, "All that the app is. Faults are marked as you write."), h("span", { class: "push" }), undo, save), h("div", { class: "editing" }, place, h("footer", {}, state, h("span", { class: "push" }), h("span", { class: "for-keys" }, h("kbd", {}, keys("Space").replace("⌘", "Ctrl ")), " completes"))));
  let view = null;
  let code = null;
  let base = here.app.head;
  let saved = here.app.blueprint;

  const text = () => (view ? view.state.doc.toString() : saved);
  const changed = () => text() !== saved;
  const set = (words) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: words } });
  const mark = () => { save.disabled = !changed(); undo.hidden = !changed(); find("#tab-blueprint").textContent = changed() ? "Blueprint •" : "Blueprint"; };

  const place_of = (document, one) => {
    const line = document.line(Math.min(Math.max(1, one.line || 1), document.lines));
    const start = one.column ? Math.min(line.from + one.column - 1, line.to) : line.from + (line.text.length - line.text.trimStart().length);
    return { from: start, to: line.to > start ? line.to : line.from };
  };
  const diagnostic = (document, severity) => (one) => {
    const { from, to } = place_of(document, one);
    return { from: Math.min(from, to), to: Math.max(from, to), severity, message: [one.message, one.suggestion].filter(Boolean).join(" ") };
  };
  async function lint(now) {
    const said = await post("/api/lint", { text: now.state.doc.toString() }).catch(() => null);
    if (!said) return [];
    const { doc } = now.state;
    state.textContent = said.problems.length ? count(said.problems.length, "fault") : said.warnings.length ? `reads, ${count(said.warnings.length, "remark")}` : "reads";
    state.className = said.problems.length ? "bad" : "";
    return [...said.problems.map(diagnostic(doc, "error")), ...said.warnings.map(diagnostic(doc, "warning")), ...said.fixes.filter((one) => one.line).map(diagnostic(doc, "info"))];
  }

  async function store() {
    if (!changed()) return true;
    const words = text();
    save.disabled = true;
    try {
      // What it does to kept data is said before it is done.
      const what = base === here.app.head ? await post(here.url("/propose"), { text: words, base }) : null;
      if (what && (what.effect.refused || (what.effect.kept && what.effect.notes.length))) {
        const parts = [changeList(what.changes), effect(what.effect)];
        if (!(await sure("This changes the data", h("div", { class: "section" }, parts), { yes: "Save" }))) return false;
      }
      saved = words;
      const app = await here.change("/apply", "Saved.", { body: { text: words, base } });
      if (!app) saved = here.app.blueprint;
      return Boolean(app);
    } catch (error) {
      const first = error.said?.problems?.[0];
      if (first?.line && view) view.dispatch({ selection: { anchor: place_of(view.state.doc, first).from }, scrollIntoView: true });
      fail(error);
      return false;
    } finally {
      mark();
    }
  }

  async function begin() {
    if (code) return;
    const [found, schema] = await Promise.all([import("./vendor/codemirror.js"), get("/api/schema").catch(() => null)]);
    code = found;
    const { EditorState, EditorView } = code;
    const t = code.tags;
    const colours = code.HighlightStyle.define([
      { tag: [t.propertyName, t.definition(t.propertyName)], color: "var(--leaf)", fontWeight: "500" },
      { tag: [t.string, t.content], color: "var(--ink)" },
      { tag: [t.comment, t.lineComment], color: "var(--muted)", fontStyle: "italic" },
      { tag: [t.number, t.bool, t.keyword, t.special(t.string)], color: "var(--fruit-ink)" },
      { tag: [t.punctuation, t.separator, t.squareBracket, t.brace], color: "var(--muted)" },
    ]);
    view = new EditorView({
      parent: place,
      state: EditorState.create({
        doc: saved,
        extensions: [
          EditorView.cspNonce.of(find("script[nonce]")?.nonce || ""),
          code.keymap.of([{ key: "Mod-s", run: () => { store(); return true; }, preventDefault: true }, ...code.closeBracketsKeymap, ...code.defaultKeymap, ...code.searchKeymap, ...code.historyKeymap, ...code.foldKeymap, ...code.completionKeymap, ...code.lintKeymap]),
          code.lineNumbers(), code.highlightActiveLine(), code.highlightActiveLineGutter(), code.drawSelection(), code.history(), code.foldGutter(),
          code.indentOnInput(), code.bracketMatching(), code.closeBrackets(), code.highlightSelectionMatches(), code.search({ top: true }),
          code.yaml(), code.indentUnit.of("  "), EditorState.tabSize.of(2), EditorView.lineWrapping, code.syntaxHighlighting(colours),
          code.autocompletion({ override: schema ? [completer(schema)] : [], icons: false, activateOnTyping: true }),
          code.linter(lint, { delay: 400 }), code.lintGutter(),
          EditorView.contentAttributes.of({ "aria-label": "Blueprint", tabindex: "0" }),
          EditorView.updateListener.of((update) => update.docChanged && mark()),
          theme(EditorView),
        ],
      }),
    });
  }

  // Put a text into the editor, as a draft.
  here.edit = async (words) => { here.show("blueprint"); await begin(); set(words); mark(); };
  addEventListener("beforeunload", (event) => changed() && event.preventDefault());

  return {
    name: "blueprint",
    shown: () => begin().then(() => view.requestMeasure(), fail),
    update: (app) => {
      // What is being written is not thrown away when the app changes beneath it: it stays on its own base.
      if (changed() && text() !== app.blueprint) { if (app.head !== base) say("The app has changed meanwhile.", { todo: "Your edits are still in the editor." }); return; }
      base = app.head;
      saved = app.blueprint;
      if (view && text() !== saved) set(saved);
      mark();
    },
  };
}

const theme = (EditorView) => EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--paper)", fontSize: "0.8125rem" },
  ".cm-scroller": { fontFamily: "var(--model)", lineHeight: "1.65" },
  ".cm-content": { caretColor: "var(--fruit)", padding: "0.75rem 0" },
  ".cm-cursor": { borderLeftColor: "var(--fruit)", borderLeftWidth: "2px" },
  "&.cm-focused": { outline: "none" },
  ".cm-gutters": { backgroundColor: "var(--paper)", color: "var(--muted)", border: "0", paddingLeft: "0.25rem" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in oklab, var(--hover) 55%, transparent)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { background: "var(--leaf-wash)" },
  ".cm-selectionMatch": { backgroundColor: "var(--leaf-wash)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--leaf-wash)", outline: "1px solid var(--leaf)" },
  ".cm-foldPlaceholder": { backgroundColor: "var(--hover)", border: "0", color: "var(--muted)", padding: "0 0.375rem" },
  ".cm-tooltip": { backgroundColor: "var(--paper)", border: "1px solid var(--wire)", borderRadius: "var(--radius)", boxShadow: "var(--raised)", overflow: "hidden" },
  ".cm-tooltip-autocomplete > ul": { fontFamily: "var(--model)", maxHeight: "16rem" },
  ".cm-tooltip-autocomplete > ul > li": { padding: "0.25rem 0.75rem !important", lineHeight: "1.5" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--leaf-wash)", color: "var(--ink)" },
  ".cm-completionDetail": { color: "var(--muted)", fontStyle: "normal" },
  ".cm-completionMatchedText": { textDecoration: "none", color: "var(--leaf)", fontWeight: "600" },
  ".cm-completionInfo": { fontFamily: "var(--program)", padding: "0.5rem 0.75rem", maxWidth: "18rem" },
  ".cm-diagnostic": { fontFamily: "var(--program)", padding: "0.375rem 0.75rem", borderLeftWidth: "3px" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--bad)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--fruit)" },
  ".cm-diagnostic-info": { borderLeftColor: "var(--strong-wire)" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--bad)", textUnderlineOffset: "0.25em" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy var(--fruit)", textUnderlineOffset: "0.25em" },
  ".cm-panels": { backgroundColor: "var(--wall)", color: "var(--ink)", fontFamily: "var(--program)" },
  ".cm-panels-top": { borderBottom: "1px solid var(--wire)" },
  ".cm-textfield": { backgroundColor: "var(--paper)", border: "1px solid var(--strong-wire)", borderRadius: "var(--radius-small)", padding: "0.25rem 0.5rem" },
  ".cm-button": { backgroundImage: "none", backgroundColor: "var(--hover)", border: "1px solid var(--wire)", borderRadius: "var(--radius-small)" },
});
