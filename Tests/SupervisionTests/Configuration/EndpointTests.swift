import Testing

@testable import Supervision

@Suite struct EndpointTests {
    @Test(
        arguments: [
            ("127.0.0.1:80", "127.0.0.1", 80), ("[::1]:65535", "::1", 65535),
            ("localhost:1", "localhost", 1),
            ("db-1.example_x.org:5432", "db-1.example_x.org", 5432),
            ("[2001:db8::1:0:255.0.10.9]:8", "2001:db8::1:0:255.0.10.9", 8), ("[::]:80", "::", 80),
            ("[1:2:3:4:5:6:7:8]:9", "1:2:3:4:5:6:7:8", 9),
            ("[::ffff:1.2.3.4]:1", "::ffff:1.2.3.4", 1),
        ] as [(String, String, UInt16)]
    )
    func `a host and a port`(text: String, host: String, port: UInt16) {
        #expect(Endpoint(text) == Endpoint(host: host, port: port))
        #expect(Endpoint(text)?.description == text)
    }

    @Test(arguments: [
        "", ":", ":80", "80", "a:", "a:0", "a:65536", "a:+1", "a:-1", "a: 1", "a b:1", "a..b:1",
        "256.0.0.1:1", "1.2.3:1", "1.2.3.4.5:1", "01.2.3.4:1", "::1:80", "[]:80", "[1]:80",
        "[1.2.3.4]:80", "[:::]:80", "[1::2::3]:80", "[1:2:3:4:5:6:7]:80", "[1:2:3:4:5:6:7:8:9]:80",
        "[12345::]:80", "[g::]:80", "[1.2.3.4::1]:1", "[a]b:80", "[::1]80", "ä:80",
    ])
    func `nothing else`(text: String) {
        #expect(Endpoint(text) == nil)
    }

    @Test(
        arguments: [
            ("http://a", "a", 80, "/"), ("HTTP://a:8/", "a", 8, "/"),
            ("http://[::1]/x?y=1", "::1", 80, "/x?y=1"),
            ("http://a?q", "a", 80, "/?q"),
        ] as [(String, String, UInt16, String)]
    )
    func `the address of a page`(url: String, host: String, port: UInt16, target: String) {
        #expect(Probe(url: url) == .http(Endpoint(host: host, port: port), target: target))
    }

    @Test(arguments: [
        "http://", "http:///x", "ftp://a", "a", "http://a/#b", "http://a/ b", "http://a/\r\nX: y",
        "http://u@a/", "http://a:b/", "http://a:99999/",
    ])
    func `no page`(url: String) {
        #expect(Probe(url: url) == nil)
    }
}
