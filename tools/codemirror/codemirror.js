// What the studio's editor takes from CodeMirror, in one file: src/espalier/studio/static/editor.js imports it as `vendor/codemirror.js`.
export { EditorState, Compartment, StateEffect } from "@codemirror/state";
export {
  EditorView, keymap, lineNumbers, highlightActiveLine, highlightActiveLineGutter, drawSelection, highlightSpecialChars, placeholder,
} from "@codemirror/view";
export { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
export { HighlightStyle, syntaxHighlighting, foldGutter, foldKeymap, indentUnit, indentOnInput, bracketMatching } from "@codemirror/language";
export { autocompletion, completionKeymap, startCompletion, closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
export { linter, lintKeymap, lintGutter, setDiagnostics, forceLinting } from "@codemirror/lint";
export { search, searchKeymap, highlightSelectionMatches } from "@codemirror/search";
export { yaml } from "@codemirror/lang-yaml";
export { tags } from "@lezer/highlight";
