using Cqrs.Routing.TestServers.Tds;

namespace Cqrs.Routing.ConformanceTests.SqlServer;

/// <summary>
/// What one server of an availability group says of itself, in the types of the commands that ask it: <c>nvarchar</c> after CONVERT, <c>numeric(25,0)</c> as
/// <c>sys.dm_hadr_database_replica_states</c> and <c>sys.dm_database_replica_states</c> have it. All of it may be null.
/// </summary>
public sealed class AvailabilityReplica
{
    /// <summary>As CONVERT writes a <c>uniqueidentifier</c>.</summary>
    public const string Shop = "0F8FAD5B-D9CB-469F-A165-70867728950E";

    private readonly TdsServer _server;
    private readonly Func<TdsRequest, TdsReply?> _shop;

    public AvailabilityReplica(TdsServer server)
    {
        (_server, _shop) = (server, server.Script);
        server.Script = Answer;
    }

    /// <summary><c>group_database_id</c>.</summary>
    public string? Database { get; set; } = Shop;

    /// <summary><c>last_commit_lsn</c>. Twenty-five digits are more than a long holds.</summary>
    public UInt128? LastCommit { get; set; } = UInt128.Parse("1000000037000000456800001", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>What is answered instead of these two.</summary>
    public TdsReply? Position { get; set; }

    /// <summary><c>family_guid</c>, Updateability and <c>recovery_fork_guid</c>.</summary>
    public (string? Family, string? Updateability, string? Fork) Identity { get; set; } = (Shop, "READ_WRITE", Shop);

    /// <summary>What is answered instead of these three.</summary>
    public TdsReply? Self { get; set; }

    /// <summary>How often the position was asked for.</summary>
    public int Asked => _server.Statements.Count(IsPosition);

    /// <summary>What else reached the server, apart from questions for what it is.</summary>
    public IReadOnlyList<string> Work => [.. _server.Statements.Where(text => !IsPosition(text) && !IsIdentity(text))];

    private static bool IsPosition(string text) => text.Contains("last_commit_lsn", StringComparison.Ordinal);

    private static bool IsIdentity(string text) => text.Contains("Updateability", StringComparison.Ordinal);

    private TdsReply? Answer(TdsRequest request) =>
        IsPosition(request.Text) ? Position ?? Row((Database, TdsType.NVarChar), (LastCommit, TdsType.Lsn))
        : IsIdentity(request.Text) ? Self ?? Row((Identity.Family, TdsType.NVarChar), (Identity.Updateability, TdsType.NVarChar), (Identity.Fork, TdsType.NVarChar))
        : _shop(request);

    private static TdsReply Row(params (object? Value, TdsType Type)[] values) =>
        TdsReply.Rows([.. values.Select(value => new TdsColumn("", value.Type))], [[.. values.Select(value => value.Value)]]);
}
