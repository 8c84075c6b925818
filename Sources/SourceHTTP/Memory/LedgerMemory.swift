/// Where a site's ledger outlives a process, shared by all that ask the site.
public protocol LedgerMemory: Sendable {
    /// Lets a change happen to the ledger, alone among all who share it.
    /// - Throws: `JSONFileError` where the ledger cannot be read or kept; nothing has changed then.
    func change<Result>(_ body: (inout RequestLedger) -> Result) throws(JSONFileError) -> Result
}
