namespace Cqrs.Routing.DocsTests.Messages;

/// <summary>CR301 to CR399: the assertions and the simulator of <c>Cqrs.Routing.Testing</c>.</summary>
internal static class AssertionEntries
{
    public static readonly MessageEntry[] All =
    [
        new("CR301", "The request was not sent",
            "`AssertRoute<T>` found no decision for this type since the last `Clear()`. Base types do not count: `T` is the type that was sent.",
            "Send the request before the assertion, through the container that the recorder belongs to. Register it with `services.AddRouteRecorder()`."),
        new("CR302", "The request used no routed context",
            "The request was sent, but no context with `UseReplica` took part. Nothing was read from the replica.",
            "Call `UseReplica`, `UseReplicaMirror` or `UseLagSimulator` for the test's context. Check that the handler reads through that context."),
        new("CR303", "The request ran elsewhere",
            "At least one decision has another server or another reason than expected. The message lists all of them, oldest first.",
            "Look the reason up in [the table of precedence](precedence.md). `GetRecords<T>()[^1].Steps` explains the last decision. Call `Clear()` between the parts of a test."),
        new("CR304", "No request was recorded",
            "`AssertNoQueryWrote` has nothing to check. The recorder is empty, or belongs to another container.",
            "Send the requests first. Register the recorder with `services.AddRouteRecorder()` in the container that the test uses."),
        new("CR305", "No request used a routed context",
            "Requests were recorded, but no context with `UseReplica` took part, so no write could have been noticed.",
            "Call `UseReplica`, `UseReplicaMirror` or `UseLagSimulator` for the test's context."),
        new("CR306", "A query tried to write",
            "At least one query tried to write or sent a command. The message lists each attempt, even if the application caught the exception.",
            "Make the request a command, or move the write out of it. [CR201](#cr201) and [CR203](#cr203) describe the ways."),
        new("CR307", "Another number of commands reached a server",
            "The numbers of SQL commands on the two servers differ from the expected ones. The message lists the commands of each server.",
            "Compare the list with what the code should send. Call `Clear()` after the test's data was written."),
        new("CR308", "Replication is not frozen",
            "`LagSimulator.Advance` replays commits that are held back. Replication was running, so no commit was held back.",
            "Call `Freeze()` before the commits that the replica should not show yet. Then call `Advance()` for each commit to replay."),
        new("CR309", "Advance beyond the last commit",
            "`LagSimulator.Advance` was to replay more commits than there are.",
            "Commit between `Freeze()` and `Advance()`, or call `CatchUp()` to replay all of them."),
    ];
}
