import SourceHTTP

extension HTTPAnswer {
    /// Whether a web page stands where data should be. The first byte decides: the site labels data as a page at times.
    var isPage: Bool { firstByte == UInt8(ascii: "<") }
}
