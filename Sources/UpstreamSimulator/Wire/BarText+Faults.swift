extension BarText {
    /// How the faults want bars written.
    init(_ faults: Set<Fault>) {
        if faults.contains(.noVolume) { volume = .leftOut }
        if faults.contains(.nullVolume) { volume = .null }
        exponents = faults.contains(.exponentFloats)
    }
}
