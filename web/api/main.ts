// Shows the OpenAPI document of the node that serves this page, and tries its methods out there.

/** A part of Swagger UI; `this` of its method is the whole. */
interface Plugin {
  afterLoad(this: { readonly fn: Record<string, unknown> }): void;
}

/** What `swagger-ui-bundle.js` puts on the window: the parts of Swagger UI that this page uses. */
interface SwaggerUi {
  (options: {
    readonly url: string;
    readonly dom_id: string;
    readonly deepLinking: boolean;
    /** Which of services, methods and answers are open at first. */
    readonly docExpansion: "none" | "list" | "full";
    readonly defaultModelsExpandDepth: number;
    readonly filter: boolean;
    readonly displayRequestDuration: boolean;
    readonly tryItOutEnabled: boolean;
    /** A service that judges documents; null asks nobody. */
    readonly validatorUrl: string | null;
    readonly presets: readonly unknown[];
    readonly plugins: readonly (() => Plugin)[];
  }): unknown;
  readonly presets: { readonly apis: unknown };
}
declare global {
  interface Window {
    readonly SwaggerUIBundle: SwaggerUi;
  }
}

/** Bytes are text in base64 here: nobody picks a file for them. */
const bytesAreText = (): Plugin => ({
  afterLoad() {
    this.fn["isFileUploadIntended"] = () => false;
  },
});

const { SwaggerUIBundle } = window;
SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#api",
  deepLinking: true,
  docExpansion: "none",
  defaultModelsExpandDepth: 0,
  filter: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
  plugins: [bytesAreText],
});
