internal import LinuxSystem
internal import Reactor
internal import Supervision
internal import SystemPackage

/// Finds out whether somebody answers at an address; its tasks run on its loop.
struct ConnectionCheck: Sendable {
    let loop: EventLoop
    let pool: ThreadPool

    /// Says what is wrong, for a person to read; `nil` if all is well.
    func failure(of probe: Probe) async -> String? {
        switch probe {
        case .exec:
            preconditionFailure("a command makes no connection")
        case .tcp(let endpoint):
            return await failure(at: endpoint) { _ in nil }
        case .unix(let path):
            return await failure(ofSocketAt: path)
        case .http(let endpoint, let target):
            return await failure(at: endpoint) { socket in
                try await HTTPCheck(loop: loop, endpoint: endpoint, target: target)
                    .failure(over: socket)
            }
        }
    }

    private func failure(ofSocketAt path: String) async -> String? {
        do {
            // One whose queue is full has somebody who listens; only he does not answer.
            let socket = try UnixSocket.connectNow(to: path)
            return socket == nil ? "cannot connect to \(path): its queue is full" : nil
        } catch {
            return "cannot connect to \(path): \(error.reason)"
        }
    }

    /// Connects to the first address of those that answer, and goes on with `check`.
    private func failure(
        at endpoint: Endpoint,
        then check: (borrowing OwnedFD) async throws -> String?
    ) async -> String? {
        let hosts: [String]
        do {
            hosts = try await addresses(of: endpoint.host)
        } catch {
            return "cannot look up \(endpoint.host): \(error)"
        }
        var failure = "cannot find \(endpoint.host): no such name"
        for host in hosts {
            do {
                let socket = try InternetSocket.beginToConnect(to: host, port: endpoint.port)
                try await loop.writable(socket.raw)
                if let error = try socket.takeError() { throw error }
                return try await check(socket)
            } catch let error as Errno {
                failure = "cannot connect to \(endpoint): \(error.reason)"
            } catch {
                return "\(error)"
            }
        }
        return failure
    }

    private func addresses(of host: String) async throws -> [String] {
        // Known without asking anybody, so that it works without a file of hosts.
        if host == "localhost" { return ["127.0.0.1", "::1"] }
        if host.utf8.allSatisfy({ $0 == UInt8(ascii: ".") || (48...57).contains($0) }) {
            return [host]
        }
        if host.contains(":") { return [host] }
        return try await loop.runInExecutor(pool) { InternetSocket.addresses(of: host) }
    }
}
