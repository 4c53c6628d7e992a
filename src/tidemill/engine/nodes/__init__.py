"""The frozen values that a project is made of: models, seeds, tests, sources, macros, results.

No input or output here, and no behaviour beyond answering questions about oneself.
"""

from tidemill.engine.nodes.manifest import Manifest, ManifestMetadata, Resource
from tidemill.engine.nodes.nodes import (
    Analysis,
    Function,
    GenericTest,
    Hook,
    Model,
    Node,
    Seed,
    SingularTest,
    Snapshot,
    TestMetadata,
    UnitTestNode,
)
from tidemill.engine.nodes.parts import Batch, Column, DependsOn, Ref
from tidemill.engine.nodes.resources import (
    Doc,
    Exposure,
    Group,
    Macro,
    MacroArgument,
    Source,
    UnitTest,
)
from tidemill.engine.nodes.results import (
    BatchResults,
    FreshnessStatus,
    NodeResult,
    RunResult,
    SourceFreshness,
    Timing,
)
from tidemill.engine.nodes.semantics import Metric, SavedQuery, SemanticModel

__all__ = [
    "Analysis",
    "Batch",
    "BatchResults",
    "Column",
    "DependsOn",
    "Doc",
    "Exposure",
    "FreshnessStatus",
    "Function",
    "GenericTest",
    "Group",
    "Hook",
    "Macro",
    "MacroArgument",
    "Manifest",
    "ManifestMetadata",
    "Metric",
    "Model",
    "Node",
    "NodeResult",
    "Ref",
    "Resource",
    "RunResult",
    "SavedQuery",
    "Seed",
    "SemanticModel",
    "SingularTest",
    "Snapshot",
    "Source",
    "SourceFreshness",
    "TestMetadata",
    "Timing",
    "UnitTest",
    "UnitTestNode",
]
