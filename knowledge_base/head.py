"""A linear classifier over the articles: multinomial logistic regression, trained in its dual."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from knowledge_base.vectors import Floats, Integers

RIDGE = 0.02
ITERATIONS = 40
SECANTS = 6
CONVERGED = 1e-7  # squared gradient a row
DENSE_ROWS = 4_000  # up to here the kernel matrix is kept (64 MB)
MOST_CELLS = 4_000_000  # rows x articles; above, ranking goes without a head
MOST_ARTICLES = 2_000

Product = Callable[[Floats], Floats]


@dataclass(frozen=True)
class Head:
    """Scores every article at once: the question's vector times one column an article."""

    weights: Floats  # features x articles
    meaning: Floats | None  # dimensions of the embedding x articles

    def scores(self, ids: Integers, weights: Floats, embedding: Floats | None) -> Floats:
        """Log-odds of every article for a question."""
        scores: Floats = weights @ self.weights[ids]
        if self.meaning is not None and embedding is not None:
            scores = scores + embedding @ self.meaning
        return scores

    @property
    def size(self) -> int:
        """Bytes that answering needs."""
        return self.weights.nbytes + (0 if self.meaning is None else self.meaning.nbytes)


def fits(rows: int, articles: int) -> bool:
    """Whether a head can be trained in seconds for so many."""
    return 1 < articles <= MOST_ARTICLES and rows * articles <= MOST_CELLS


def train(
    vectors: sparse.csr_array,
    embeddings: Floats | None,
    owners: Integers,
    emphasis: Floats,
    *,
    classes: int,
) -> Head:
    """Fit the articles to their rows; ``emphasis`` is what each row counts.

    The embeddings, if any, are further features of the same classifier.
    """
    target = np.zeros((len(owners), classes), dtype=np.float32)
    target[np.arange(len(owners)), owners] = 1
    product = _kernel(vectors, embeddings)
    dual = _descend(product, target, emphasis[:, None])
    meaning = None if embeddings is None else embeddings.T @ dual
    return Head(weights=vectors.T @ dual, meaning=meaning)


def _kernel(vectors: sparse.csr_array, embeddings: Floats | None) -> Product:
    """Multiplication by the matrix of inner products of all rows, kept whole where it is small."""
    if vectors.shape[0] <= DENSE_ROWS:
        kernel = (vectors @ vectors.T).toarray()
        if embeddings is not None:
            kernel += embeddings @ embeddings.T
        return lambda dual: kernel @ dual
    columns = vectors.T.tocsr()
    if embeddings is None:
        return lambda dual: vectors @ (columns @ dual)
    return lambda dual: vectors @ (columns @ dual) + embeddings @ (embeddings.T @ dual)


def _descend(product: Product, target: Floats, emphasis: Floats) -> Floats:
    """Minimise cross-entropy + RIDGE/2 |w|^2 for w = vectors' dual.

    Conjugate gradients after Polak and Ribière in the space of the weights, where the gradient has
    the dual form ``probabilities - target + RIDGE dual``: one product by the kernel an iteration.
    """
    dual = np.zeros_like(target)
    scores = np.zeros_like(target)
    direction = moved = np.zeros_like(target)
    before, before_square = target, np.inf
    for _ in range(ITERATIONS):
        gradient = emphasis * (softmax(scores) - target) + RIDGE * dual
        gradient_moved = product(gradient)
        square = float(np.vdot(gradient, gradient_moved))
        if square < CONVERGED * len(target):
            break
        turn = max(0.0, square - float(np.vdot(before, gradient_moved))) / before_square
        direction = turn * direction - gradient
        moved = turn * moved - gradient_moved
        slope, bend = float(np.vdot(dual, moved)), float(np.vdot(direction, moved))
        step = _Line(scores, moved, target, emphasis, RIDGE * slope, RIDGE * bend).lowest()
        dual += step * direction
        scores += step * moved
        before, before_square = gradient, square
    return dual


@dataclass(frozen=True)
class _Line:
    """The loss along a direction: where the scores are, how they move, and what the penalty adds."""

    scores: Floats
    moved: Floats
    target: Floats
    emphasis: Floats
    penalty_slope: float
    penalty_bend: float

    def lowest(self) -> float:
        """About where the loss is least: a Newton step, drawn back by secants if it went too far."""
        likely = softmax(self.scores)
        start = self._slope(0, likely)
        if start >= 0:
            return 0.0
        mean = (likely * self.moved).sum(axis=1, keepdims=True)
        bend = float((self.emphasis * likely * (self.moved - mean) ** 2).sum()) + self.penalty_bend
        step = -start / max(bend, 1e-9)
        for _ in range(SECANTS):
            slope = self._slope(step, softmax(self.scores + step * self.moved))
            if slope <= -start / 10:
                break
            step *= start / (start - slope)
        return step

    def _slope(self, step: float, likely: Floats) -> float:
        push = float(np.vdot(self.emphasis * (likely - self.target), self.moved))
        return push + self.penalty_slope + step * self.penalty_bend


def softmax(scores: Floats) -> Floats:
    """Probabilities along the last axis."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Floats = raised / raised.sum(axis=-1, keepdims=True)
    return shares
