using System.Transactions;
using Dapper;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Consistency;

/// <summary>Group L: what makes a session remember, and what does not.</summary>
public sealed class WritesThatCountTests(PairFixture<PostgresPairDatabase> fixture) : PositionTest(fixture), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    private const string Update = "UPDATE \"Orders\" SET \"Name\" = 'written'";

    public static TheoryData<string> Counting => [.. Writes.Where(write => write.Value.Counts).Select(write => write.Key)];

    public static TheoryData<string> NotCounting => [.. Writes.Where(write => !write.Value.Counts).Select(write => write.Key)];

    private static Dictionary<string, (bool Counts, Func<Handling, Task> Run)> Writes { get; } = new()
    {
        ["SaveChangesAsync"] = (true, async handling => await SaveAsync(handling.Db)),
        ["SaveChanges"] = (true, handling => Task.FromResult(Save(handling.Db))),
        ["ExecuteUpdate"] = (true, async handling => await RenameAsync(handling.Db, "written")),
        ["ExecuteUpdate, sync"] = (true, handling => Task.FromResult(handling.Db.Orders.ExecuteUpdate(orders => orders.SetProperty(order => order.Name, "written")))),
        ["ExecuteSql"] = (true, async handling => await handling.Db.Database.ExecuteSqlRawAsync(Update)),
        ["a query that returns rows and writes"] = (true, async handling =>
            await handling.Db.Database.SqlQueryRaw<int>(Update + " RETURNING \"Id\" AS \"Value\"").ToListAsync()),
        ["a transaction"] = (true, async handling =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            await SaveAsync(handling.Db);
            await transaction.CommitAsync();
        }
        ),
        ["a transaction, sync"] = (true, handling =>
        {
            using var transaction = handling.Db.Database.BeginTransaction();
            Save(handling.Db);
            transaction.Commit();
            return Task.CompletedTask;
        }
        ),
        ["a transaction with a savepoint rolled back"] = (true, async handling =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            await SaveAsync(handling.Db);
            await transaction.CreateSavepointAsync("before");
            await handling.Db.Orders.ExecuteDeleteAsync();
            await transaction.RollbackToSavepointAsync("before");
            await transaction.CommitAsync();
        }
        ),
        ["a transaction scope"] = (true, async handling =>
        {
            using var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled);
            await RenameAsync(handling.Db, "written");
            scope.Complete();
        }
        ),
        ["the driver's transaction, handed to EF"] = (true, async handling =>
        {
            var connection = handling.Db.Database.GetDbConnection();
            await connection.OpenAsync();
            await using (var transaction = await connection.BeginTransactionAsync())
            {
                await handling.Db.Database.UseTransactionAsync(transaction);
                await RenameAsync(handling.Db, "written");
                await transaction.CommitAsync();
            }

            await connection.CloseAsync();
        }
        ),
        ["Dapper"] = (true, async handling => await handling.Db.Database.GetDbConnection().ExecuteAsync(Update)),
        ["Dapper in a transaction"] = (true, async handling =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            await handling.Db.Database.GetDbConnection().ExecuteAsync(Update, transaction: transaction.GetDbTransaction());
            await transaction.CommitAsync();
        }
        ),
        ["a command in a scope of its own"] = (true, async handling =>
        {
            await using var scope = handling.Services.CreateAsyncScope();
            await new Handling(scope.ServiceProvider, CancellationToken.None).Sender.Send(Rename("written"));
        }
        ),
        ["reading"] = (false, async handling => await handling.Db.Orders.ToListAsync()),
        ["reading in a transaction"] = (false, async handling =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            await handling.Db.Orders.ToListAsync();
            await transaction.CommitAsync();
        }
        ),
        ["raw SQL that reads"] = (false, async handling => await handling.Db.Database.SqlQueryRaw<int>("SELECT 1 AS \"Value\"").ToListAsync()),
        ["saving nothing"] = (false, async handling => await handling.Db.SaveChangesAsync()),
        ["a transaction that is rolled back"] = (false, async handling =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            await SaveAsync(handling.Db);
            await transaction.RollbackAsync();
        }
        ),
        ["a transaction that nobody commits"] = (false, async handling =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            await SaveAsync(handling.Db);
        }
        ),
    };

    [Theory]
    [MemberData(nameof(Counting))]
    public async Task A_write_counts(string how)
    {
        await using var app = StartWithPositions();

        var token = await AfterAsync(app, new Write(Writes[how].Run));

        token.ShouldNotBeNull();
        Positions.Reads.ShouldBe((1, 0));
        (await ReadAsync(app, token)).ShouldBe("written");
    }

    [Theory]
    [MemberData(nameof(Counting))]
    public async Task A_write_counts_with_a_retrying_strategy(string how)
    {
        await using var app = StartWithPositions(configure: options => options.Retry = true);

        var token = await AfterAsync(app, new Write(async handling =>
            await handling.Db.Database.CreateExecutionStrategy().ExecuteAsync(() => Writes[how].Run(handling))));

        (await ReadAsync(app, token)).ShouldBe("written");
    }

    [Theory]
    [Trait("Case", "C230")]
    [MemberData(nameof(NotCounting))]
    public async Task What_leaves_nothing_behind_does_not_count(string how)
    {
        await using var app = StartWithPositions();

        (await AfterAsync(app, new Write(Writes[how].Run))).ShouldBeNull();

        Positions.Reads.ShouldBe((0, 0));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_command_that_fails_counts_if_it_had_committed(bool committed)
    {
        await using var app = StartWithPositions();

        var token = await AfterAsync(app, new Write(async handling =>
        {
            if (committed)
                await RenameAsync(handling.Db, "written");
            throw new InvalidOperationException("on purpose");
        }));

        (token is not null).ShouldBe(committed);
        (await ReadAsync(app, token)).ShouldBe(committed ? "written" : DatabasePair.Replicated);
    }

    [Fact]
    public async Task A_unit_of_work_around_the_command_counts_when_it_commits()
    {
        await using var app = StartWithPositions();

        await app.InScopeAsync(async scope =>
        {
            await using (var transaction = await scope.Db.Database.BeginTransactionAsync())
            {
                await scope.Sender.Send(Rename("written"));
                (await TokenOf(scope)).ShouldBeNull();
                await transaction.CommitAsync();
            }

            (await TokenOf(scope)).ShouldNotBeNull();
            (await scope.Sender.Send(ReadName)).ShouldBe("written");
        });
    }

    [Fact]
    public async Task A_write_outside_any_request_counts_inside_a_session_that_was_begun()
    {
        await using var app = StartWithPositions();

        await app.InScopeAsync(async scope =>
        {
            await RenameAsync(scope.Db, "unseen");
            (await TokenOf(scope)).ShouldBeNull();
            using (SessionOf(scope).Begin())
                await RenameAsync(scope.Db, "written");
            (await TokenOf(scope)).ShouldNotBeNull();
            (await scope.Sender.Send(ReadName)).ShouldBe("written");
        });
    }

    [Fact]
    [Trait("Case", "C249")]
    public async Task An_unmarked_request_that_writes_counts()
    {
        await using var app = StartWithPositions();

        var token = await AfterAsync(app, new Neither(async handling => await RenameAsync(handling.Db, "written")));

        (await ReadAsync(app, token)).ShouldBe("written");
    }

    private static async Task<string?> AfterAsync(RoutedApp app, MediatR.IRequest<object?> request)
    {
        string? token = null;
        await app.InScopeAsync(async scope =>
        {
            try
            {
                await scope.Sender.Send(request);
            }
            catch (InvalidOperationException e) when (e.Message == "on purpose")
            {
            }

            token = await TokenOf(scope);
        });
        return token;
    }

    private static async Task<int> SaveAsync(ShopContext db)
    {
        (await db.Orders.SingleAsync()).Name = "written";
        return await db.SaveChangesAsync();
    }

    private static int Save(ShopContext db)
    {
        db.Orders.Single().Name = "written";
        return db.SaveChanges();
    }
}
