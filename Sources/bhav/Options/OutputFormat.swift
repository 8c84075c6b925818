import ArgumentParser

/// The shape in which data is printed.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
    case table, csv, json, ndjson, arrow
}
