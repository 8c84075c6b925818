import Testing

@testable import MockMarket
