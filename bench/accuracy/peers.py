"""scikit-learn and XGBoost on a table: the error on the test rows, one thread.

    hgb      HistGradientBoosting with its defaults: columns of strings are categories
    rf       300 trees; a third of the features at a split for values
    mlp      hidden layers of 100 and 100, early stopping; standardized, one column a category
    xgb      1000 rounds at a rate of 0.05, depth 6, early stopping on a tenth of the rows
"""
import numpy as np

SEED = 0


def hgb(arrays):
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    kind = HistGradientBoostingClassifier if arrays.is_class else HistGradientBoostingRegressor
    categorical = np.array(arrays.categorical)
    counts = np.array(arrays.category_counts)
    few = categorical & (counts <= 255)
    model = kind(categorical_features=few if few.any() else None, random_state=SEED)
    return model.fit(arrays.train_x, arrays.train_y).predict(arrays.test_x)


def rf(arrays):
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

    middle = np.nanmedian(arrays.train_x, axis=0)
    train = np.where(np.isnan(arrays.train_x), middle, arrays.train_x)
    test = np.where(np.isnan(arrays.test_x), middle, arrays.test_x)
    if arrays.is_class:
        model = RandomForestClassifier(300, random_state=SEED, n_jobs=1)
    else:
        model = RandomForestRegressor(300, max_features=1 / 3, random_state=SEED, n_jobs=1)
    return model.fit(train, arrays.train_y).predict(test)


def mlp(arrays):
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    train, test = arrays.one_hot()
    kind = MLPClassifier if arrays.is_class else MLPRegressor
    model = kind((100, 100), early_stopping=True, random_state=SEED)
    if arrays.is_class:
        return model.fit(train, arrays.train_y).predict(test)
    mean, deviation = arrays.train_y.mean(), arrays.train_y.std() or 1.0
    return model.fit(train, (arrays.train_y - mean) / deviation).predict(test) * deviation + mean


def xgb(arrays):
    import xgboost
    from sklearn.model_selection import train_test_split

    kinds = ["c" if categorical else "q" for categorical in arrays.categorical]
    stratify = arrays.train_y if arrays.is_class else None
    fit, watch = train_test_split(
        np.arange(len(arrays.train_y)), test_size=0.1, random_state=SEED, stratify=stratify
    )

    def matrix(x, y=None):
        return xgboost.DMatrix(x, y, feature_types=kinds, enable_categorical=True)

    options = {"eta": 0.05, "max_depth": 6, "subsample": 0.8, "colsample_bytree": 0.8,
               "tree_method": "hist", "nthread": 1, "seed": SEED,
               "objective": "multi:softprob" if arrays.is_class else "reg:squarederror"}
    if arrays.is_class:
        options["num_class"] = len(arrays.classes)
    model = xgboost.train(
        options, matrix(arrays.train_x[fit], arrays.train_y[fit]), 1000,
        evals=[(matrix(arrays.train_x[watch], arrays.train_y[watch]), "watch")],
        early_stopping_rounds=20, verbose_eval=False,
    )
    predicted = model.predict(matrix(arrays.test_x), iteration_range=(0, model.best_iteration + 1))
    return predicted.argmax(1) if arrays.is_class else predicted


METHODS = {"hgb": hgb, "rf": rf, "mlp": mlp, "xgb": xgb}
