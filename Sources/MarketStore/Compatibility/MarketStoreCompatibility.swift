/// What any store must do to take the place of another: run each check on an empty store of its own.
public enum MarketStoreCompatibility {
    /// All checks.
    public static let checks: [CompatibilityCheck] =
        bars + revisions + generations + coverage + retention + jobs + sequences + openInterest + recording
        + snapshotIndex
        + instruments
}
