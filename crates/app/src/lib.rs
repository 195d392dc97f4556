//! The business modules, one folder each.
