//! The text files: `data/text/{en,ja}/<cause>.toml`.
