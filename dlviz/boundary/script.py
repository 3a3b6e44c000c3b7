"""One of scikit-learn's classifiers as a program that reads the lab's points from a file."""

from collections.abc import Mapping

from dlviz.boundary.config import BoundaryConfig
from dlviz.boundary.export import features_as
from dlviz.boundary.problem import Pair

_MADE: Mapping[str, tuple[str, str, str]] = {  # module, estimator, whether it is scaled
    "logistic": ("linear_model", "LogisticRegression(C={value}, tol=1e-6, max_iter=10_000)",
                 "scaled"),
    "svm_linear": ("svm", 'SVC(kernel="linear", C={value})', "scaled"),
    "svm_poly": ("svm", 'SVC(kernel="poly", degree={count}, coef0=1, C=0.1)', "scaled"),
    "svm_rbf": ("svm", 'SVC(kernel="rbf", gamma={value})', "scaled"),
    "tree": ("tree", "DecisionTreeClassifier(max_depth={count}, random_state=0)", ""),
    "forest": ("ensemble", "RandomForestClassifier({count}, random_state=0)", ""),
    "boosting": ("ensemble", "GradientBoostingClassifier(n_estimators={count}, random_state=0)",
                 ""),
    "knn": ("neighbors", 'KNeighborsClassifier({neighbors}, algorithm="kd_tree")', "scaled"),
    "naive_bayes": ("naive_bayes", "GaussianNB(var_smoothing={value})", ""),
}  # fmt: skip
_SCALING = """\
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
"""
_SCRIPT = '''\
"""{label} on the points of {file} (the download below); the first {n} are trained on."""

import numpy as np
from sklearn.{module} import {name}
{imports}
table = np.genfromtxt("{file}", delimiter=",", skip_header=1, dtype=str)
x1, x2 = (table[:, :2].astype(float).T - {origin}) / {unit}
x, y = np.stack([{features}], axis=1), table[:, 2]

model = {model}
model.fit(x[:{n}], y[:{n}])
print("training accuracy", model.score(x[:{n}], y[:{n}]))
print("test accuracy", model.score(x[{n}:], y[{n}:]))
'''


def classifier_script(
    name: str, value: float, config: BoundaryConfig, data: Pair, file: str
) -> str:
    """Return a program that fits a classifier and prints how much it gets right.

    Parameters
    ----------
    name, value : a key of ``CLASSIFIERS`` and its setting
    data : what it is trained and tested on
    file : the name of the table that ``whole`` makes of them
    """
    train, _ = data
    module, estimator, scaled = _MADE[name]
    count = int(value)
    made = estimator.format(value=value, count=count, neighbors=min(count, len(train.x)))
    return _SCRIPT.format(
        label=name,
        file=file,
        n=len(train.x),
        module=module,
        name=estimator.split("(")[0],
        imports=_SCALING if scaled else "",
        origin=f"np.array([[{train.origin[0]}], [{train.origin[1]}]])",
        unit=f"np.array([[{train.unit[0]}], [{train.unit[1]}]])",
        features=features_as(config.features, "np"),
        model=f"make_pipeline(StandardScaler(), {made})" if scaled else made,
    )
