import { documentedDescriptors } from "../../../app/descriptorImage.ts";

/** What the .proto file says of a method; its name at the beginning is left out, as the command says it. */
export function methodComment(serviceName: string, methodName: string): string {
  const comment =
    documentedDescriptors()
      .getService(serviceName)
      .methods.find(({ name }) => name === methodName)?.comment ?? "";
  return oneLine(comment.startsWith(`${methodName} `) ? comment.slice(methodName.length + 1) : comment);
}

/** What the .proto file says of a field. */
export function fieldComment(typeName: string, fieldName: string): string {
  return oneLine(documentedDescriptors().findMessage(typeName)?.findFieldByName(fieldName)?.comment ?? "");
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
