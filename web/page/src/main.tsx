import { render } from "preact";
import { Whole } from "./app.js";
import "./style.css";
import { keepShell } from "./worker.js";

render(<Whole />, document.getElementById("app")!);
if (import.meta.env.PROD) {
  keepShell();
}
