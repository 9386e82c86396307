using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Sample.Application.Domain;
using Sample.Infrastructure.Persistence;
using Sample.Infrastructure.Sqlite;

namespace Sample.Tests.Replication;

/// <summary>The counter that gives the position of a SQLite file.</summary>
public sealed class SqlitePositionsTests
{
    [Fact]
    public async Task The_position_grows_with_every_committed_change_and_with_nothing_else()
    {
        await using var factory = new SampleFactory();
        _ = factory.Services;
        await using var scope = factory.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<SampleDbContext>();
        var before = await PositionAsync(db);

        await db.Orders.CountAsync(TestContext.Current.CancellationToken);
        (await PositionAsync(db)).ShouldBe(before);

        await using (var transaction = await db.Database.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            db.Customers.Add(new Customer("new@example.com", "New"));
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
            (await PositionAsync(db)).ShouldBe(before + 1);
            await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        }

        (await PositionAsync(db)).ShouldBe(before);
        await db.Orders.ExecuteDeleteAsync(TestContext.Current.CancellationToken);
        (await PositionAsync(db)).ShouldBeGreaterThan(before);
    }

    private static async Task<UInt128> PositionAsync(SampleDbContext db)
    {
        await db.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = SqlitePositions.CommandText;
        command.Transaction = db.Database.CurrentTransaction is { } transaction ? Microsoft.EntityFrameworkCore.Storage.DbContextTransactionExtensions.GetDbTransaction(transaction) : null;
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        (await reader.ReadAsync(TestContext.Current.CancellationToken)).ShouldBeTrue();
        var position = SqlitePositions.Instance.Read(reader)!.Value.Value;
        await db.Database.CloseConnectionAsync();
        return position;
    }
}
