using System.Data.Common;
using System.Text.RegularExpressions;
using Cqrs.Routing.TestKit.Model;
using Cqrs.Routing.TestServers.Tds;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.TestKit.Servers;

/// <summary>
/// Two stubs that real SQL Server clients log in to, a primary and a readable secondary. They know one order, <see cref="DatabasePair.Current"/> on the primary and
/// <see cref="DatabasePair.Replicated"/> on the secondary, and take every write without doing it.
/// </summary>
public sealed partial class TdsPair : DatabasePair
{
    public const string Database = "shop";

    public TdsPair() => (PrimaryServer.Script, ReplicaServer.Script) = (ShopOf(Current), ShopOf(Replicated));

    public TdsServer PrimaryServer { get; } = TdsServer.Start();

    public TdsServer ReplicaServer { get; } = TdsServer.Start();

    public override string Primary => PrimaryServer.ConnectionString(Database);

    public override string Replica => ReplicaServer.ConnectionString(Database);

    /// <summary>Statements that reached the primary and the replica, to be compared in one assertion.</summary>
    public (int Primary, int Replica) Counts => (PrimaryServer.Statements.Count, ReplicaServer.Statements.Count);

    /// <summary>The answers of a server whose order has that name.</summary>
    public static Func<TdsRequest, TdsReply?> ShopOf(string order) => request =>
        !request.IsStatement ? null
        : SelectOrders().Match(request.Text) is { Success: true } select ? Orders(select.Groups["columns"].Value, order)
        : request.Text.StartsWith("SELECT COUNT(*)", StringComparison.Ordinal) ? TdsReply.Row(("", 1))
        : request.Text.StartsWith("SELECT 1", StringComparison.Ordinal) ? TdsReply.Row(("Value", 1))
        : TdsReply.Done(affected: 1);

    public override DbContextOptionsBuilder Use(DbContextOptionsBuilder options, string connectionString, bool retry = false) =>
        options.UseSqlServer(connectionString, sqlServer =>
        {
            if (retry)
                sqlServer.EnableRetryOnFailure();
        });

    public override DbConnection CreateConnection(string connectionString) => new SqlConnection(connectionString);

    public override Task StartAsync() => Task.CompletedTask;

    public override Task ReplicateAsync() => Task.CompletedTask;

    public override async ValueTask DisposeAsync()
    {
        await PrimaryServer.DisposeAsync();
        await ReplicaServer.DisposeAsync();
    }

    protected override Task RestartKeysAsync(ShopContext db) => Task.CompletedTask;

    private static TdsReply Orders(string columns, string name) => TdsReply.Row(
        [.. Column().Matches(columns).Select(column => column.Groups["name"].Value).Select(column => (column, ValueOf(column, name)))]);

    private static object? ValueOf(string column, string name) => column switch
    {
        nameof(Order.Id) => 1,
        nameof(Order.Name) => name,
        nameof(Order.Version) => 0,
        nameof(Order.CustomerId) => 1,
        _ => "London",
    };

    [GeneratedRegex(@"^SELECT (TOP\(\S+\) )?(?<columns>.*)\s+FROM \[Orders\] AS \[o\]", RegexOptions.ExplicitCapture)]
    private static partial Regex SelectOrders();

    [GeneratedRegex(@"\[o\]\.\[(?<name>\w+)\]", RegexOptions.ExplicitCapture)]
    private static partial Regex Column();
}
