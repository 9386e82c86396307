using System.Transactions;
using Dapper;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using IsolationLevel = System.Data.IsolationLevel;

namespace Cqrs.Routing.ConformanceTests.Consistency;

/// <summary>What a command may do, and whether that leaves something written.</summary>
internal static class WaysToWrite
{
    public const string Update = "UPDATE \"Orders\" SET \"Name\" = 'written'";

    /// <summary>Creates the functions, and the procedure, that some of them call.</summary>
    public const string Function =
        """
        CREATE OR REPLACE FUNCTION rename_all() RETURNS int LANGUAGE sql VOLATILE AS 'UPDATE "Orders" SET "Name" = ''written''; SELECT 1';
        CREATE OR REPLACE FUNCTION save() RETURNS int LANGUAGE sql VOLATILE AS 'SELECT rename_all()';
        CREATE OR REPLACE PROCEDURE rename_them() LANGUAGE sql AS 'SELECT rename_all()';
        """;

    public static Dictionary<string, (bool Writes, Func<Handling, Task> Run)> All { get; } = new()
    {
        ["SaveChangesAsync"] = (true, async handling => await SaveAsync(handling.Db)),
        ["SaveChanges"] = (true, handling => Task.FromResult(Save(handling.Db))),
        ["ExecuteUpdate"] = (true, async handling => await RenameAsync(handling.Db)),
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
            await RenameAsync(handling.Db);
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
                await RenameAsync(handling.Db);
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
        ["Dapper on the transaction's connection"] = (true, async handling =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            var driver = transaction.GetDbTransaction();
            await driver.Connection!.ExecuteAsync(Update, transaction: driver);
            await transaction.CommitAsync();
        }
        ),
        ["Dapper on the current transaction's connection"] = (true, async handling =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead);
            var driver = handling.Db.Database.CurrentTransaction!.GetDbTransaction();
            await driver.Connection!.ExecuteAsync(Update, transaction: driver);
            await handling.Db.Database.CommitTransactionAsync();
        }
        ),
        ["ExecuteSql in a transaction"] = (true, async handling =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            await handling.Db.Database.ExecuteSqlRawAsync(Update);
            await transaction.CommitAsync();
        }
        ),
        ["a function that writes, behind SqlQuery"] = (true, async handling =>
            await handling.Db.Database.SqlQueryRaw<int>("SELECT rename_all() AS \"Value\"").ToListAsync()),
        ["a function that writes, behind FromSql"] = (true, async handling =>
            await handling.Db.Orders.FromSqlRaw("SELECT o.* FROM \"Orders\" AS o, rename_all()").AsNoTracking().ToListAsync()),
        ["a function that writes, with a name in quotes"] = (true, async handling =>
            await handling.Db.Database.SqlQueryRaw<int>("SELECT \"rename_all\" () AS \"Value\"").ToListAsync()),
        ["a function that writes, in a transaction"] = (true, async handling =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            await handling.Db.Database.SqlQueryRaw<int>("SELECT rename_all() AS \"Value\"").ToListAsync();
            await transaction.CommitAsync();
        }
        ),
        ["functions whose names look like keywords"] = (true, async handling =>
            await handling.Db.Database.SqlQueryRaw<int>("SELECT save() AS \"Value\"").ToListAsync()),
        ["a stored procedure"] = (true, async handling => await handling.Db.Database.ExecuteSqlRawAsync("CALL rename_them()")),
        ["a bulk copy"] = (true, async handling =>
        {
            var connection = (Npgsql.NpgsqlConnection)handling.Db.Database.GetDbConnection();
            await connection.OpenAsync();
            await connection.ExecuteAsync("CREATE TEMP TABLE names (name text)");
            await using (var copy = await connection.BeginBinaryImportAsync("COPY names (name) FROM STDIN (FORMAT BINARY)"))
            {
                await copy.StartRowAsync();
                await copy.WriteAsync("written");
                await copy.CompleteAsync();
            }

            await connection.ExecuteAsync("UPDATE \"Orders\" SET \"Name\" = name FROM names");
            await connection.CloseAsync();
        }
        ),
        ["a command in a scope of its own"] = (true, async handling =>
        {
            await using var scope = handling.Services.CreateAsyncScope();
            await new Handling(scope.ServiceProvider, CancellationToken.None).Sender.Send(new Write(async inner => await RenameAsync(inner.Db)));
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
        ["raw SQL that counts"] = (false, async handling => await handling.Db.Database.SqlQueryRaw<int>(
            "SELECT count(*)::int AS \"Value\" FROM \"Orders\" AS o WHERE lower(o.\"Name\") IN ('a', 'b') AND (o.\"Id\" > 1 OR EXISTS (SELECT 1))").ToListAsync()),
        ["LINQ that counts"] = (false, async handling => await handling.Db.Orders.CountAsync(order => order.Name.ToLower() == "a")),
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
        ["a transaction that nobody commits, before one that reads"] = (false, async handling =>
        {
            await using (var abandoned = await handling.Db.Database.BeginTransactionAsync())
                await RenameAsync(handling.Db);
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            await handling.Db.Orders.CountAsync();
            await transaction.CommitAsync();
        }
        ),
        ["a transaction whose connection is closed, before one that reads"] = (false, async handling =>
        {
            await handling.Db.Database.BeginTransactionAsync();
            await RenameAsync(handling.Db);
            await handling.Db.Database.CloseConnectionAsync();
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            await handling.Db.Orders.CountAsync();
            await transaction.CommitAsync();
        }
        ),
        ["ExecuteSql in a transaction that is rolled back"] = (false, async handling =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            await handling.Db.Database.ExecuteSqlRawAsync(Update);
            await transaction.RollbackAsync();
        }
        ),
        ["Dapper in a transaction that is rolled back"] = (false, async handling =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            await handling.Db.Database.GetDbConnection().ExecuteAsync(Update, transaction: transaction.GetDbTransaction());
            await transaction.RollbackAsync();
        }
        ),
        ["a function that writes, in a transaction that nobody commits"] = (false, async handling =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            await handling.Db.Database.SqlQueryRaw<int>("SELECT rename_all() AS \"Value\"").ToListAsync();
        }
        ),
    };

    private static Task<int> RenameAsync(ShopContext db) => db.Orders.ExecuteUpdateAsync(orders => orders.SetProperty(order => order.Name, "written"));

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
