"""dbt's names and codes of warnings, by which ``--warn-error-options`` and programs that read the log know them."""

from __future__ import annotations

from tidemill.events import Event, FaultFound, Message

EVENTS: dict[str, str] = {
    "AdapterDeprecationWarning": "D005",
    "ArgumentsPropertyInGenericTestDeprecation": "D038",
    "BehaviorChangeEvent": "D018",
    "ConfigDataPathDeprecation": "D004",
    "ConfigLogPathDeprecation": "D010",
    "ConfigSourcePathDeprecation": "D003",
    "ConfigTargetPathDeprecation": "D011",
    "ConstraintNotEnforced": "E048",
    "ConstraintNotSupported": "E049",
    "CustomKeyInConfigDeprecation": "D026",
    "CustomKeyInObjectDeprecation": "D027",
    "CustomOutputPathInSourceFreshnessDeprecation": "D029",
    "CustomTopLevelKeyDeprecation": "D025",
    "DeprecatedModel": "I065",
    "DeprecatedReference": "I067",
    "DeprecationsSummary": "D028",
    "DepsScrubbedPackageName": "M036",
    "DepsUnpinned": "M029",
    "DuplicateNameDistinctNodeTypesDeprecation": "D040",
    "DuplicateYAMLKeysDeprecation": "D024",
    "EnvironmentVariableNamespaceDeprecation": "D036",
    "EnvironmentVariableRenamed": "D009",
    "ExposureNameDeprecation": "D007",
    "FreshnessConfigProblem": "I073",
    "GenericJSONSchemaValidationDeprecation": "D022",
    "InternalDeprecation": "D008",
    "InvalidConcurrentBatchesConfig": "I075",
    "InvalidMacroAnnotation": "I076",
    "InvalidValueForField": "I008",
    "JinjaLogWarning": "I061",
    "LogTestResult": "Q007",
    "MFCumulativeTypeParamsDeprecation": "D019",
    "MFTimespineWithoutYamlConfigurationDeprecation": "D018",
    "MacroNotFoundForPatch": "I059",
    "MetricAttributesRenamed": "D006",
    "MicrobatchMacroOutsideOfBatchesDeprecation": "D020",
    "MicrobatchModelNoEventTimeInputs": "I074",
    "MissingArgumentsPropertyInGenericTestDeprecation": "D039",
    "MissingPlusPrefixDeprecation": "D037",
    "ModelParamUsageDeprecation": "D032",
    "ModulesItertoolsUsageDeprecation": "D034",
    "NoNodeForYamlKey": "I058",
    "NoNodesForSelectionCriteria": "M030",
    "NoNodesSelected": "Q038",
    "NodeNotFoundOrDisabled": "I060",
    "NothingToDo": "Q035",
    "PackageInstallPathDeprecation": "D002",
    "PackageMaterializationOverrideDeprecation": "D016",
    "PackageNodeDependsOnRootProjectNode": "I077",
    "PackageRedirectDeprecation": "D001",
    "ProjectFlagsMovedDeprecation": "D013",
    "PropertyMovedToConfigDeprecation": "D030",
    "ResourceNamesWithSpacesDeprecation": "D015",
    "SeedExceedsLimitAndPathChanged": "I054",
    "SeedExceedsLimitChecksumChanged": "I055",
    "SeedExceedsLimitSamePath": "I053",
    "SeedIncreased": "I052",
    "SemanticValidationFailure": "I070",
    "SnapshotTimestampWarning": "E053",
    "SourceFreshnessProjectHooksNotRun": "D017",
    "SourceOverrideDeprecation": "D035",
    "TestsConfigDeprecation": "D012",
    "UnexpectedJinjaBlockDeprecation": "D023",
    "UnsupportedConstraintMaterialization": "I068",
    "UnusedResourceConfigPath": "I051",
    "UnusedTables": "I056",
    "UnversionedBreakingChange": "I071",
    "UpcomingReferenceDeprecation": "I066",
    "ValidationWarning": "I009",
    "WEOIncludeExcludeDeprecation": "D031",
    "WarnStateTargetEqual": "I072",
    "WrongResourceSchemaFile": "I057",
}
"""What dbt can warn of, with its codes. Not all of it happens here."""

_OF_FAULTS = {
    "config-unused": "UnusedResourceConfigPath",
    "deprecated-arguments-argument": "ArgumentsPropertyInGenericTestDeprecation",
    "deprecated-cumulative-parameters": "MFCumulativeTypeParamsDeprecation",
    "deprecated-data-paths": "ConfigDataPathDeprecation",
    "deprecated-exposure-name": "ExposureNameDeprecation",
    "deprecated-jinja-block": "UnexpectedJinjaBlockDeprecation",
    "deprecated-log-path": "ConfigLogPathDeprecation",
    "deprecated-materialization-override": "PackageMaterializationOverrideDeprecation",
    "deprecated-microbatch-macro": "MicrobatchMacroOutsideOfBatchesDeprecation",
    "deprecated-source-override": "SourceOverrideDeprecation",
    "deprecated-source-paths": "ConfigSourcePathDeprecation",
    "deprecated-target-path": "ConfigTargetPathDeprecation",
    "deprecated-test-arguments": "MissingArgumentsPropertyInGenericTestDeprecation",
    "deprecated-time-spine": "MFTimespineWithoutYamlConfigurationDeprecation",
    "duplicate-yaml-key": "DuplicateYAMLKeysDeprecation",
    "constraint-unsupported": "UnsupportedConstraintMaterialization",
    "macro-arguments": "InvalidMacroAnnotation",
    "microbatch-concurrency": "InvalidConcurrentBatchesConfig",
    "microbatch-unfiltered": "MicrobatchModelNoEventTimeInputs",
    "model-retired": "DeprecatedModel",
    "name-shared": "DuplicateNameDistinctNodeTypesDeprecation",
    "patch-unmatched": "NoNodeForYamlKey",
    "properties": "CustomKeyInObjectDeprecation",
    "ref-disabled": "NodeNotFoundOrDisabled",
    "ref-not-found": "NodeNotFoundOrDisabled",
    "ref-retired": "DeprecatedReference",
    "ref-retiring": "UpcomingReferenceDeprecation",
    "semantic-layer": "SemanticValidationFailure",
    "source-disabled": "NodeNotFoundOrDisabled",
    "source-not-found": "NodeNotFoundOrDisabled",
    "test-unknown": "NodeNotFoundOrDisabled",
    "unused-override": "UnusedTables",
}

_OF_CODES = {code: name for name, code in EVENTS.items()}


def warning_name(event: Event) -> str | None:
    """dbt's name of a warning; None for what is no warning, or has no name there."""
    if getattr(event, "level", None) != "warn":
        return None
    if isinstance(event, Message):
        return _OF_CODES.get(event.code or "")
    if isinstance(event, FaultFound):
        return _OF_FAULTS.get(event.fault.code)
    return None
