import type { ParamKind } from "@millrace/engine";
import { AggregatesParamField } from "./fields/AggregatesParamField.tsx";
import { ChoiceParamField } from "./fields/ChoiceParamField.tsx";
import { ConditionsParamField } from "./fields/ConditionsParamField.tsx";
import { ConnectionParamField } from "./fields/ConnectionParamField.tsx";
import { DurationParamField } from "./fields/DurationParamField.tsx";
import { ExpressionParamField } from "./fields/ExpressionParamField.tsx";
import { FieldParamField } from "./fields/FieldParamField.tsx";
import { FieldsParamField } from "./fields/FieldsParamField.tsx";
import { FilePathParamField } from "./fields/FilePathParamField.tsx";
import type { FieldProps } from "./fields/field-props.ts";
import { HeadersParamField } from "./fields/HeadersParamField.tsx";
import { NamedExpressionsParamField } from "./fields/NamedExpressionsParamField.tsx";
import { NumberParamField } from "./fields/NumberParamField.tsx";
import { OrderParamField } from "./fields/OrderParamField.tsx";
import { OwnExpressionParamField } from "./fields/OwnExpressionParamField.tsx";
import { OwnFieldParamField } from "./fields/OwnFieldParamField.tsx";
import { PatternStagesField } from "./fields/PatternStagesField.tsx";
import { SchemaParamField } from "./fields/SchemaParamField.tsx";
import { SecretParamField } from "./fields/SecretParamField.tsx";
import { TemplateParamField } from "./fields/TemplateParamField.tsx";
import { TextParamField } from "./fields/TextParamField.tsx";
import { ToggleParamField } from "./fields/ToggleParamField.tsx";
import { UrlParamField } from "./fields/UrlParamField.tsx";

export type ControlProps = Omit<FieldProps, "kind"> & { readonly kind: Exclude<ParamKind, { readonly kind: "group" }> };

/** The control for a parameter, picked by its kind and never by the type of its node. */
export function ParamControl({ kind, ...rest }: ControlProps) {
  switch (kind.kind) {
    case "text":
      return <TextParamField kind={kind} {...rest} />;
    case "number":
      return <NumberParamField kind={kind} {...rest} />;
    case "toggle":
      return <ToggleParamField kind={kind} {...rest} />;
    case "choice":
      return <ChoiceParamField kind={kind} {...rest} />;
    case "duration":
      return <DurationParamField kind={kind} {...rest} />;
    case "field":
      return <FieldParamField kind={kind} {...rest} />;
    case "fields":
      return <FieldsParamField kind={kind} {...rest} />;
    case "order":
      return <OrderParamField kind={kind} {...rest} />;
    case "expression":
      return <ExpressionParamField kind={kind} {...rest} />;
    case "template":
      return <TemplateParamField kind={kind} {...rest} />;
    case "named-expressions":
      return <NamedExpressionsParamField kind={kind} {...rest} />;
    case "conditions":
      return <ConditionsParamField kind={kind} {...rest} />;
    case "aggregates":
      return <AggregatesParamField kind={kind} {...rest} />;
    case "pattern-stages":
      return <PatternStagesField kind={kind} {...rest} />;
    case "schema":
      return <SchemaParamField kind={kind} {...rest} />;
    case "own-field":
      return <OwnFieldParamField kind={kind} {...rest} />;
    case "own-expression":
      return <OwnExpressionParamField kind={kind} {...rest} />;
    case "file-path":
      return <FilePathParamField kind={kind} {...rest} />;
    case "url":
      return <UrlParamField kind={kind} {...rest} />;
    case "headers":
      return <HeadersParamField kind={kind} {...rest} />;
    case "secret":
      return <SecretParamField kind={kind} {...rest} />;
    case "connection":
      return <ConnectionParamField kind={kind} {...rest} />;
  }
}
