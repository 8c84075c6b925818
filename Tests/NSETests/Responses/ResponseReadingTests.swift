import JSON
import MarketData
import SourceHTTP
import Testing

@testable import NSE

@Suite("Responses without data")
struct ResponseReadingTests {
    func kind(_ text: String, status: Int = 200, contentType: String = "application/json") -> ResponseFault.Kind? {
        do throws(ResponseFault) {
            _ = try ResponseReading.object(of: response(text, status: status, contentType: contentType))
            return nil
        } catch {
            return error.kind
        }
    }

    @Test("each kind of failure has its name")
    func shapes() {
        #expect(kind("<html>no", status: 401) == .unauthorized)
        #expect(kind("<html>Access Denied", status: 403) == .forbidden)
        #expect(kind("<html>Resource not found", status: 404) == .addressGone)
        #expect(kind("", status: 429) == .tooManyRequests(retryAfterSeconds: nil))
        #expect(kind("busy", status: 503) == .serverError)
        #expect(kind("", status: 421) == .unexpectedStatus)
        #expect(ResponseReading.fault(ofFile: SourceResponse(status: 421, body: []))?.code == .upstreamUnavailable)
        #expect(kind("\u{FEFF} <!doctype html>", contentType: "text/html") == .page)
        #expect(kind("") == .emptyBody)
        #expect(kind(" \n") == .emptyBody)
        #expect(kind("{}") == .emptyObject)
        #expect(kind("null") == .null)
        #expect(kind("[1]") == .notJSON)
        #expect(kind("{\"data\":") == .notJSON)
    }

    @Test("a page labelled as JSON is a page, and data labelled as a page are data")
    func labels() {
        #expect(kind("<html>", contentType: "application/json") == .page)
        #expect(kind("{\"data\":[]}", contentType: "text/html") == nil)
    }

    @Test("a Retry-After is read")
    func retryAfter() {
        let many = SourceResponse(status: 429, retryAfter: "77", body: [])
        let fault = #expect(throws: ResponseFault.self) { try ResponseReading.object(of: many) }
        #expect(fault?.kind == .tooManyRequests(retryAfterSeconds: 77))
    }

    @Test("the evidence has status, content type and first bytes")
    func evidence() {
        let page = response("<html>\n  <h1>Access Denied</h1>", contentType: "text/html")
        let fault = #expect(throws: ResponseFault.self) { try ResponseReading.object(of: page) }
        #expect(fault?.evidence == "status 200, content type text/html, first bytes: <html> <h1>Access Denied</h1>")
    }
}
