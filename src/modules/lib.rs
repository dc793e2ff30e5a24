//! Native standard-library modules
