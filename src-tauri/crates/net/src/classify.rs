//! Turns the errors of the libraries into [`inbox_model::FailureKind`]. The only place that looks at their types and words.
