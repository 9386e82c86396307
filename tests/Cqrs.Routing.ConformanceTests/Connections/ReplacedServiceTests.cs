using System.Data.Common;
using Cqrs.Routing.ConformanceTests.Configuration;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Internal;
using Microsoft.EntityFrameworkCore.Sqlite.Storage.Internal;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Connections;

/// <summary>EF's own services that an application replaces are used as with EF alone; where that takes the library's away, it is said.</summary>
#pragma warning disable EF1001 // What applications derive from.
public sealed class ReplacedServiceTests(PairFixture<SqlitePair> fixture) : ConformanceTest(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>
{
    private static int Used;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_that_takes_the_place_of_the_providers_serves_both_servers(bool routed)
    {
        await using var app = StartReplacing(routed, context => context.ReplaceService<ISqliteRelationalConnection, OwnConnection>());
        Used = 0;

        await app.SendAsync(new Read(async handling => await handling.Db.Orders.AsNoTracking().CountAsync()));

        Used.ShouldBe(routed ? 2 : 1);
        app.Log.Counts.ShouldBe(routed ? (0, 1) : (1, 0));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_migrator_that_takes_the_place_of_EFs_is_used(bool routed)
    {
        await using var app = StartReplacing(routed, context => context.ReplaceService<IMigrator, Migrator, OwnMigrator>());
        Used = 0;

        await app.InScopeAsync(scope =>
        {
            scope.Db.GetService<IMigrator>().GenerateScript().ShouldNotBeNull();
            return Task.CompletedTask;
        });

        Used.ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_transaction_manager_of_the_applications_own_begins_its_transactions(bool routed)
    {
        await using var app = StartReplacing(routed, context => context.ReplaceService<IDbContextTransactionManager, OwnTransactions>());
        Used = 0;

        await app.SendAsync(new Write(async handling =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            await handling.Db.Orders.CountAsync();
        }));

        Used.ShouldBe(1);
        app.Log.Counts.ShouldBe((1, 0));
    }

    [Fact]
    public async Task A_connection_that_takes_routing_away_is_said_with_what_to_write()
    {
        var lines = new LogLines();
        await using var app = StartReplacing(
            routed: true,
            context => context.ReplaceService<IRelationalConnection, OwnConnection>(),
            lines.AddTo);

        await app.SendAsync(new Read(async handling => await handling.Db.Orders.AsNoTracking().CountAsync()));

        app.Log.Counts.ShouldBe((1, 0));
        lines.All.ShouldHaveSingleItem().ShouldContain("ReplaceService<ISqliteRelationalConnection, ReplacedServiceTests.OwnConnection>()");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_factory_of_the_applications_own_makes_the_execution_strategies(bool routed)
    {
        await using var app = StartReplacing(routed, context => context.ReplaceService<IExecutionStrategyFactory, OwnStrategies>());
        Used = 0;

        await app.SendAsync(new Read(async handling => await handling.Db.Orders.AsNoTracking().CountAsync()));

        Used.ShouldBeGreaterThan(0);
        app.Log.Counts.ShouldBe(routed ? (0, 1) : (1, 0));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_execution_strategy_that_takes_falling_back_away_is_used_and_said(bool routed)
    {
        var lines = new LogLines();
        await using var app = StartReplacing(routed, context => context.ReplaceService<IExecutionStrategy, OwnStrategy>(), lines.AddTo);
        Used = 0;

        await app.SendAsync(new Read(async handling => await handling.Db.Orders.AsNoTracking().CountAsync()));

        Used.ShouldBeGreaterThan(0);
        app.Log.Counts.ShouldBe(routed ? (0, 1) : (1, 0));
        if (routed)
            lines.All.ShouldHaveSingleItem().ShouldContain("ReplacedServiceTests.OwnStrategy");
        else
            lines.All.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_database_creator_of_the_applications_own_is_used_and_guarded(bool routed)
    {
        await using var app = StartReplacing(routed, context => context.ReplaceService<IRelationalDatabaseCreator, SqliteDatabaseCreator, OwnCreator>());
        Used = 0;

        await app.InScopeAsync(async scope => await scope.Db.GetService<IRelationalDatabaseCreator>().ExistsAsync());
        Used.ShouldBe(1);
        var query = new Read(async handling => await handling.Db.Database.EnsureCreatedAsync());
        if (routed)
            await Should.ThrowAsync<QueryWriteException>(() => app.SendAsync(query));
        else
            await app.SendAsync(query);
    }

    [Fact]
    public async Task A_database_creator_that_takes_the_guard_away_is_said_with_what_to_write()
    {
        var lines = new LogLines();
        await using var app = StartReplacing(routed: true, context => context.ReplaceService<IRelationalDatabaseCreator, OwnCreator>(), lines.AddTo);

        await app.SendAsync(new Read(async handling => await handling.Db.Orders.AsNoTracking().CountAsync()));

        lines.All.ShouldHaveSingleItem().ShouldContain("ReplaceService<IRelationalDatabaseCreator, SqliteDatabaseCreator, ReplacedServiceTests.OwnCreator>()");
    }

    private RoutedApp StartReplacing(bool routed, Action<DbContextOptionsBuilder> replace, Action<IServiceCollection>? services = null) => Start(options =>
    {
        options.ConfigureServices = services;
        options.ConfigureContext = (context, pair) =>
        {
            if (routed)
                context.UseReplica(pair.Replica, replica => replica.MonitorInterval = TimeSpan.Zero);
            replace(context);
        };
    });

    private sealed class OwnConnection(
        RelationalConnectionDependencies dependencies,
        IRawSqlCommandBuilder commands,
        IDiagnosticsLogger<DbLoggerCategory.Infrastructure> logger)
        : SqliteRelationalConnection(dependencies, commands, logger)
    {
        protected override DbConnection CreateDbConnection()
        {
            Used++;
            return base.CreateDbConnection();
        }
    }

    private sealed class OwnMigrator(
        IMigrationsAssembly assembly,
        IHistoryRepository history,
        IDatabaseCreator creator,
        IMigrationsSqlGenerator sql,
        IRawSqlCommandBuilder rawCommands,
        IMigrationCommandExecutor executor,
        IRelationalConnection connection,
        ISqlGenerationHelper helper,
        ICurrentDbContext context,
        IModelRuntimeInitializer initializer,
        IDiagnosticsLogger<DbLoggerCategory.Migrations> logger,
        IRelationalCommandDiagnosticsLogger commandLogger,
        IDatabaseProvider provider,
        IMigrationsModelDiffer differ,
        IDesignTimeModel model,
        IDbContextOptions options,
        IExecutionStrategy strategy)
        : Migrator(
            assembly, history, creator, sql, rawCommands, executor, connection, helper, context, initializer, logger, commandLogger, provider, differ, model, options, strategy)
    {
        public override string GenerateScript(string? fromMigration = null, string? toMigration = null, MigrationsSqlGenerationOptions options = MigrationsSqlGenerationOptions.Default)
        {
            Used++;
            return base.GenerateScript(fromMigration, toMigration, options);
        }
    }

    private sealed class OwnTransactions(IRelationalConnection connection) : IDbContextTransactionManager
    {
        public IDbContextTransaction? CurrentTransaction => connection.CurrentTransaction;

        public IDbContextTransaction BeginTransaction() => connection.BeginTransaction();

        public Task<IDbContextTransaction> BeginTransactionAsync(CancellationToken cancellationToken = default)
        {
            Used++;
            return connection.BeginTransactionAsync(cancellationToken);
        }

        public void CommitTransaction() => connection.CommitTransaction();

        public Task CommitTransactionAsync(CancellationToken cancellationToken = default) => connection.CommitTransactionAsync(cancellationToken);

        public void RollbackTransaction() => connection.RollbackTransaction();

        public Task RollbackTransactionAsync(CancellationToken cancellationToken = default) => connection.RollbackTransactionAsync(cancellationToken);

        public void ResetState() => connection.ResetState();

        public Task ResetStateAsync(CancellationToken cancellationToken = default) => connection.ResetStateAsync(cancellationToken);
    }

    private sealed class OwnStrategies(ExecutionStrategyDependencies dependencies) : IExecutionStrategyFactory
    {
        public IExecutionStrategy Create() => new OwnStrategy(dependencies);
    }

    private sealed class OwnStrategy(ExecutionStrategyDependencies dependencies) : IExecutionStrategy
    {
        private readonly NonRetryingExecutionStrategy _strategy = new(dependencies);

        public bool RetriesOnFailure => false;

        public TResult Execute<TState, TResult>(
            TState state, Func<DbContext, TState, TResult> operation, Func<DbContext, TState, ExecutionResult<TResult>>? verifySucceeded)
        {
            Used++;
            return _strategy.Execute(state, operation, verifySucceeded);
        }

        public Task<TResult> ExecuteAsync<TState, TResult>(
            TState state,
            Func<DbContext, TState, CancellationToken, Task<TResult>> operation,
            Func<DbContext, TState, CancellationToken, Task<ExecutionResult<TResult>>>? verifySucceeded,
            CancellationToken cancellationToken = default)
        {
            Used++;
            return _strategy.ExecuteAsync(state, operation, verifySucceeded, cancellationToken);
        }
    }

    private sealed class OwnCreator(RelationalDatabaseCreatorDependencies dependencies, ISqliteRelationalConnection connection, IRawSqlCommandBuilder commands)
        : SqliteDatabaseCreator(dependencies, connection, commands)
    {
        public override Task<bool> ExistsAsync(CancellationToken cancellationToken = default)
        {
            Used++;
            return base.ExistsAsync(cancellationToken);
        }
    }
}
