import JSON
import MarketData
import NetworkFailure
import SourceHTTP
import Testing

@testable import Trendlyne

@Suite("The envelope of a response")
struct EnvelopeTests {
    func fault(_ text: String, status: Int = 200, type: String = "application/json", retryAfter: String? = nil)
        -> ResponseFault?
    {
        let response = SourceResponse(status: status, contentType: type, retryAfter: retryAfter, body: Array(text.utf8))
        do {
            _ = try Envelope.body(of: response)
            return nil
        } catch {
            return error
        }
    }

    @Test("a status of \"0\" as text and of 0 as number both mean success", arguments: ["\"0\"", "0", "0.0"])
    func well(status: String) throws {
        let body = try Envelope.body(of: response(#"{"head":{"status":\#(status)},"body":{"a":1}}"#))
        #expect(body.names == ["a"])
    }

    @Test("an empty body is reported as such, with status and content type")
    func empty() {
        let fault = fault("")
        #expect(fault?.kind == .emptyBody)
        #expect(fault?.evidence == "status 200, content type application/json, no bytes")
        #expect(self.fault(" \n ")?.kind == .emptyBody)
        #expect(self.fault("", type: "text/html")?.kind == .emptyBody)
    }

    @Test("an empty object is reported as such")
    func emptyObject() { #expect(fault("{}")?.kind == .emptyObject) }

    @Test("a head that is a text is a refusal with that text")
    func refusedHead() {
        let fault = fault(#"{"head":"Authentication failed","body":{}}"#)
        #expect(fault?.kind == .headIsText("Authentication failed"))
        #expect(fault?.code == .throttled)
    }

    @Test("another head status is reported with its description")
    func headStatus() {
        let fault = fault(#"{"head":{"status":"17","statusDescription":"No such stock"},"body":{}}"#)
        #expect(fault?.kind == .headStatus("17", description: "No such stock"))
        #expect(fault?.words == "the response's head has status 17 (No such stock)")
    }

    @Test("a response without head or without body is invalid")
    func missing() {
        #expect(fault(#"{"body":{}}"#)?.kind == .noHead)
        #expect(fault(#"{"head":{},"body":{}}"#)?.kind == .noHead)
        #expect(fault(#"{"head":{"status":"0"}}"#)?.kind == .noBody)
        #expect(fault(#"{"head":{"status":"0"},"body":7}"#)?.kind == .noBody)
    }

    @Test(
        "a body that is not a JSON object is reported as such, with its first bytes",
        arguments: ["[1]", "nonsense", "{\"head\":"])
    func notJSON(text: String) {
        let fault = fault(text)
        #expect(fault?.kind == .notJSON)
        #expect(fault?.evidence.hasSuffix("first bytes: \(text)") == true)
    }

    @Test("a page with status 200 is invalid, whatever its content type")
    func page() {
        #expect(fault("<!doctype html><p>Hello", type: "text/html; charset=utf-8")?.kind == .page)
        #expect(fault("\u{FEFF} <html>", type: "application/json")?.kind == .page)
        #expect(fault("<html>")?.code == .upstreamUnreadable)
    }

    @Test("a captcha page is a refusal, whatever the status", arguments: [200, 503, 302])
    func captcha(status: Int) {
        let fault = fault("<html><div class='g-reCAPTCHA'></div>", status: status, type: "text/html")
        #expect(fault?.kind == .refusalPage)
        #expect(fault?.code == .throttled)
    }

    @Test("403 and 405 are refusals and never mean not found", arguments: [403, 405])
    func refused(status: Int) {
        let fault = fault("<html>Not Allowed", status: status, type: "text/html")
        #expect(fault?.kind == .refused)
        #expect(fault?.outcome == .refused("the site refused the request with status \(status)"))
    }

    @Test("429 and 5xx have the seconds of Retry-After")
    func retryAfter() {
        #expect(fault("", status: 429, retryAfter: "90")?.kind == .tooManyRequests(retryAfterSeconds: 90))
        #expect(fault("", status: 429)?.kind == .tooManyRequests(retryAfterSeconds: nil))
        #expect(fault("x", status: 503, retryAfter: "7")?.kind == .serverError(retryAfterSeconds: 7))
        #expect(fault("x", status: 503, retryAfter: "Wed, 21 Oct 2026 07:28:00 GMT")?.code == .upstreamUnavailable)
        #expect(fault("x", status: 404)?.kind == .unexpectedStatus)
        // No data was sent that could not be read, so the next source may be used.
        #expect(fault("x", status: 404)?.code == .upstreamUnavailable)
    }

    @Test("a Retry-After of years is cut to a day and a negative one is ignored")
    func retryAfterBounds() {
        #expect(RetryAfter.seconds("999999999", now: nil) == 86_400)
        #expect(RetryAfter.seconds("-5", now: nil) == nil)
        #expect(RetryAfter.seconds(" 12 ", now: nil) == 12)
    }
}
