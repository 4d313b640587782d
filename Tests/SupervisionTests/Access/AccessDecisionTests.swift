import Testing

@testable import Supervision

/// Who may do what, decided without anybody there.
@Suite struct AccessDecisionTests {
    private static let users: [String: UInt32] = ["deploy": 1_000, "eve": 1_001]
    private static let groups: [String: UInt32] = ["adm": 4, "staff": 50]

    private func access(_ rules: AccessRule...) -> Access {
        Access(rules, owner: 700, user: { Self.users[$0] }, group: { Self.groups[$0] })
    }

    private func rule(
        _ role: AccessRule.Role,
        users: [String] = [],
        groups: [String] = [],
        programs: [String]? = nil
    ) -> AccessRule {
        var rule = AccessRule(role: role)
        (rule.users, rule.groups, rule.programs) = (users, groups, programs)
        return rule
    }

    @Test(arguments: [UInt32(0), 700])
    func `root and the daemon's own user may do everything, whatever the rules`(user: UInt32) {
        #expect(access().rights(user: user, groups: []) == .all)
        #expect(access(rule(.observe, users: ["eve"])).rights(user: user, groups: []) == .all)
    }

    @Test func `whoever no rule names may do nothing`() {
        let access = access(rule(.admin, users: ["deploy"]), rule(.admin, groups: ["adm"]))
        #expect(access.rights(user: 1_001, groups: [1_001, 50]) == .none)
        // Nobody is named at all.
        #expect(self.access(rule(.admin)).rights(user: 1_000, groups: [4]) == .none)
    }

    @Test func `a name that stands for nobody lets nobody in`() {
        let access = access(rule(.admin, users: ["nosuch"], groups: ["nosuch"]))
        #expect(access.rights(user: .max, groups: [.max]) == .none)
    }

    @Test func `a group is any of those that the peer is in`() {
        let access = access(rule(.observe, groups: ["adm"]))
        #expect(access.rights(user: 1_001, groups: [1_001, 4]).permit(.observe))
        // The numbers of users are not those of groups.
        #expect(!access.rights(user: 4, groups: [1_001]).isAny)
    }

    @Test(arguments: AccessRule.Role.allCases)
    func `a role may what those before it may, and no more`(role: AccessRule.Role) {
        let rights = access(rule(role, users: ["deploy"])).rights(user: 1_000, groups: [])
        for other in AccessRule.Role.allCases {
            #expect(rights.permit(other) == (other <= role))
            #expect(rights.isAny(other) == (other <= role))
            #expect(rights.permit(other, of: "web") == (other <= role))
        }
    }

    @Test func `a rule for some programs is not one for keepd itself`() {
        let rights = access(rule(.admin, users: ["deploy"], programs: ["web*", "db"]))
            .rights(user: 1_000, groups: [])
        #expect(rights.isAny(.admin) && !rights.permit(.observe))
        #expect(["web", "web-2", "db"].allSatisfy { rights.permit(.admin, of: $0) })
        #expect(["we", "dbx", "mail"].allSatisfy { !rights.permit(.observe, of: $0) })
    }

    @Test func `of several rules each counts for itself`() {
        let rights = access(
            rule(.observe, groups: ["staff"]),
            rule(.operate, users: ["deploy"], programs: ["web*"])
        ).rights(user: 1_000, groups: [50])
        #expect(rights.permit(.observe) && !rights.permit(.operate))
        #expect(rights.permit(.operate, of: "web") && !rights.permit(.operate, of: "db"))
        #expect(rights.permit(.observe, of: "db") && !rights.permit(.admin, of: "web"))
    }
}
