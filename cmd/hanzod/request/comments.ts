import { image } from "#proto/image";
import { fromBase64 } from "../../../app/encoding/bytes.ts";
import { createDescriptors, type Descriptors } from "../../../app/encoding/descriptors.ts";

let known: Descriptors | undefined;

/** The definitions with their comments. Only help texts need them, so they are read when the first one is shown. */
function commented(): Descriptors {
  known ??= createDescriptors(fromBase64(image));
  return known;
}

/** What the .proto file says of a method; its name at the beginning is left out, as the command says it. */
export function methodComment(serviceName: string, methodName: string): string {
  const comment =
    commented()
      .getService(serviceName)
      .methods.find(({ name }) => name === methodName)?.comment ?? "";
  return oneLine(comment.startsWith(`${methodName} `) ? comment.slice(methodName.length + 1) : comment);
}

/** What the .proto file says of a field. */
export function fieldComment(typeName: string, fieldName: string): string {
  return oneLine(commented().findMessage(typeName)?.findFieldByName(fieldName)?.comment ?? "");
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
