import Testing

@testable import Trendlyne
