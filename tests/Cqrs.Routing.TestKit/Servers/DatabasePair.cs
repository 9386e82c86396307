using System.Data.Common;
using Cqrs.Routing.TestKit.Model;
using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.TestKit.Servers;

/// <summary>A primary and a replica that shows the state of the last <see cref="ReplicateAsync"/>: lag without a clock.</summary>
public abstract class DatabasePair : IAsyncDisposable
{
    /// <summary>The name of order 1 on the replica, and on the primary until <see cref="ResetAsync"/> is done.</summary>
    public const string Replicated = "replicated";

    /// <summary>The name of order 1 on the primary: the replica lags behind by this one update.</summary>
    public const string Current = "current";

    private string? _primaryDataSource;

    public abstract string Primary { get; }

    public abstract string Replica { get; }

    /// <summary>Null if the pair can be had here; else the reason to skip.</summary>
    public virtual string? SkipReason => null;

    /// <summary>Whether the replica is a database of another name, which <c>UseReplica</c> refuses unless it is told.</summary>
    public virtual bool ReplicaHasOtherName => false;

    public abstract DbContextOptionsBuilder Use(DbContextOptionsBuilder options, string connectionString, bool retry = false);

    public abstract DbConnection CreateConnection(string connectionString);

    public abstract Task StartAsync();

    /// <summary>The replica now shows all that is committed.</summary>
    public abstract Task ReplicateAsync();

    public abstract ValueTask DisposeAsync();

    /// <summary>Told by where the connection leads, not by who opened it.</summary>
    public virtual Server ServerOf(DbConnection connection)
    {
        _primaryDataSource ??= DataSourceOf(Primary);
        return connection.DataSource == _primaryDataSource ? Server.Primary : Server.Replica;
    }

    /// <summary>A context without routing, straight on one server.</summary>
    public ShopContext Direct(Server server) =>
        new((DbContextOptions<ShopContext>)Use(new DbContextOptionsBuilder<ShopContext>(), server == Server.Primary ? Primary : Replica).Options);

    /// <summary>One order with two lines, a tag, a customer and a note; order 1 was renamed on the primary since the replica last saw it.</summary>
    public async Task ResetAsync()
    {
        await using var db = Direct(Server.Primary);
        await db.Notes.ExecuteDeleteAsync();
        await db.Lines.ExecuteDeleteAsync();
        await db.Orders.ExecuteDeleteAsync();
        await db.Tags.ExecuteDeleteAsync();
        await db.Customers.ExecuteDeleteAsync();
        db.Add(new Order
        {
            Id = 1,
            Name = Replicated,
            Customer = new() { Id = 1, Email = "ada@example.org" },
            ShipTo = new() { City = "London" },
            Lines = [new() { Id = 1, Product = "tea" }, new() { Id = 2, Product = "milk" }],
            Tags = [new() { Id = 1, Label = "new" }],
        });
        db.Add(new Note { Id = 1, ParentType = nameof(Order), ParentId = 1, Text = "first" });
        await db.SaveChangesAsync();
        await RestartKeysAsync(db);
        await ReplicateAsync();
        await db.Orders.ExecuteUpdateAsync(orders => orders.SetProperty(order => order.Name, Current));
    }

    /// <summary>Generated keys begin after the seeded ones.</summary>
    protected abstract Task RestartKeysAsync(ShopContext db);

    private string DataSourceOf(string connectionString)
    {
        using var connection = CreateConnection(connectionString);
        return connection.DataSource;
    }
}
