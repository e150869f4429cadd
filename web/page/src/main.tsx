import { render } from "preact";
import { App } from "./app.js";
import "./style.css";
import { keepShell } from "./worker.js";

render(<App />, document.getElementById("app")!);
if (import.meta.env.PROD) {
  keepShell();
}
