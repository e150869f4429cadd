import { render } from "preact";
import { Whole } from "./app.js";
import "./style.css";
import { keepShell } from "./worker.js";

if (import.meta.env.PROD) {
  keepShell();
}
render(<Whole />, document.getElementById("app")!);
