import Foundation
import LinuxSystem
import SystemTypes

/// A terminal that somebody looks at and types into.
///
/// Source: tmux(1).
final class Tmux {
    private let socket: String

    /// Runs a shell of POSIX in it, whose prompt is `$ `.
    init(rows: Int = 24, columns: Int = 80, in scratch: Scratch) throws {
        socket = scratch.path("tmux.sock")
        try tmux(
            "-f",
            "/dev/null",
            "new-session",
            "-d",
            "-x",
            "\(columns)",
            "-y",
            "\(rows)",
            "env PS1='$ ' PATH='\(Places.products):\(Places.searchPath)' TERM=screen /bin/sh"
        )
        try wait(for: "$")
    }

    deinit {
        // Waits until the server is gone, and all in it has had its SIGHUP.
        _ = try? tmux("kill-server")
    }

    @discardableResult
    private func tmux(_ arguments: String...) throws -> Run {
        let run = try Run(
            ["tmux", "-S", socket] + arguments,
            environment: ["LC_ALL": "C.UTF-8"]
        )
        guard run.status == .exited(0) else { throw NeverHappened("tmux: \(run.error)") }
        return run
    }

    /// Types text, and then keys by their names, such as `Enter` and `C-]`.
    func type(_ text: String, _ keys: String...) throws {
        if !text.isEmpty { try tmux("send-keys", "-l", text) }
        for key in keys { try tmux("send-keys", key) }
    }

    func resize(rows: Int, columns: Int) throws {
        try tmux("resize-window", "-x", "\(columns)", "-y", "\(rows)")
    }

    /// What there is to see, without blanks at the ends of lines.
    func screen() throws -> [String] {
        try tmux("capture-pane", "-p").output.split(
            separator: "\n",
            omittingEmptySubsequences: false
        ).map(String.init)
    }

    /// Looks until there is a line that begins so.
    @discardableResult
    func wait(for beginning: String) throws -> [String] {
        try wait("a line \(beginning)") { $0.contains { $0.hasPrefix(beginning) } }
    }

    @discardableResult
    func wait(_ what: String, until isMet: ([String]) -> Bool) throws -> [String] {
        var last: [String] = []
        do {
            return try eventually(what) {
                last = try screen()
                return isMet(last) ? last : nil
            }
        } catch let error as NeverHappened {
            throw NeverHappened("\(error.description), but\n" + last.joined(separator: "\n"))
        }
    }
}
