using System.Data.Common;
using Cqrs.Routing.EntityFrameworkCore.Configuration;
using Cqrs.Routing.Providers;
using Cqrs.Routing.Scopes;
using Cqrs.Routing.SqlText;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.EntityFrameworkCore.Guard;

/// <summary>
/// Refuses the writes of a query before a command is sent. It refuses the writes that EF Core reports, and commands whose text contains a write.
/// </summary>
/// <remarks>Singleton in EF Core's internal service provider, which exists once per database provider; thread safe.</remarks>
internal sealed class WriteGuard(IDatabaseProvider provider) : DbCommandInterceptor, ISaveChangesInterceptor
{
    /// <summary>The attempt of a query that called ExecuteUpdate or ExecuteDelete.</summary>
    public const string ExecuteAttempt = "it called ExecuteUpdate or ExecuteDelete";

    private readonly SqlClassificationCache _verdicts = new(DatabaseProvider.FromProviderName(provider.Name).Dialect);

    public InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        CheckSave(eventData.Context);
        return result;
    }

    public ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        CheckSave(eventData.Context);
        return new(result);
    }

    public override InterceptionResult<DbDataReader> ReaderExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        CheckCommand(command, eventData);
        return result;
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        CheckCommand(command, eventData);
        return new(result);
    }

    public override InterceptionResult<object> ScalarExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result)
    {
        CheckCommand(command, eventData);
        return result;
    }

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default)
    {
        CheckCommand(command, eventData);
        return new(result);
    }

    public override InterceptionResult<int> NonQueryExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
    {
        CheckCommand(command, eventData);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        CheckCommand(command, eventData);
        return new(result);
    }

    public override void CommandFailed(DbCommand command, CommandErrorEventData eventData) => OnCommandFailed(eventData);

    public override Task CommandFailedAsync(DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        OnCommandFailed(eventData);
        return Task.CompletedTask;
    }

    // A transaction behavior may save after every request. A save without changes is not a write.
    private static void CheckSave(DbContext? context)
    {
        if (context is null || RouteFrame.Current is not { } frame)
            return;

        // Outside any request the change tracker belongs to the application, which may change and save its entities later.
        if (frame.IsQuery && context.ChangeTracker.HasChanges())
            RefuseSave(frame, context);
    }

    // The next command must not save the refused changes. A command around the query decides itself what happens to its unit of work.
    private static void RefuseSave(RouteFrame query, DbContext context)
    {
        const string Attempt = "it called SaveChanges with changed entities";
        if (query.IsInsideCommand || WriteRefusal.IsInShadow(query, context))
        {
            WriteRefusal.Refuse(query, context, Attempt);
            return;
        }

        var refusal = WriteRefusal.CreateException(query, context, $"{Attempt}, which are no longer tracked,");
        context.ChangeTracker.Clear();
        throw refusal;
    }

    private void CheckCommand(DbCommand command, CommandEventData eventData)
    {
        if (RouteFrame.Current is { IsQuery: true } query)
        {
            if (DescribeWrite(command, eventData) is { } attempt)
            {
                WriteRefusal.Refuse(query, eventData.Context, attempt);
                IGuardedConnection.Find(eventData.Context)?.NoteWrite();
            }
        }
        else if (DescribeWrite(command, eventData) is { } write && IGuardedConnection.Find(eventData.Context) is { IsOnReplica: true })
        {
            throw WriteRefusal.CreateReplicaException(eventData.Context!, write);
        }
    }

    private string? DescribeWrite(DbCommand command, CommandEventData eventData) => eventData.CommandSource switch
    {
        CommandSource.SaveChanges => "it called SaveChanges",
        CommandSource.ExecuteUpdate or CommandSource.ExecuteDelete => ExecuteAttempt,
        _ when OffenderIn(command.CommandText, eventData.Context) is { } offender => $"it sent a command with {offender}",
        _ => null,
    };

    // The options differ between contexts, and this instance serves many contexts. Therefore only a text that is a write without the options looks at
    // them.
    private string? OffenderIn(string sql, DbContext? context)
    {
        if (_verdicts.OffenderIn(sql) is not { } offender || DeclaredReads.IsTagged(sql))
            return null;

        var reads = context?.GetService<IDbContextOptions>().FindExtension<RoutingOptionsExtension>()?.Reads;
        return reads is null ? offender : reads.OffenderIn(sql, _verdicts.Dialect, offender);
    }

    /// <summary>Returns whether a text is known to only read, in every context.</summary>
    public bool OnlyReads(string sql) => _verdicts.OffenderIn(sql) is null;

    /// <summary>Returns whether an error means that a database refused a write.</summary>
    public static bool IsReadOnlyError(Exception error) => DatabaseProvider.IsRefusedWrite(error);

    /// <summary>Reports a write that only the database can detect, such as a view that calls a function that writes.</summary>
    /// <param name="error">The database's error.</param>
    /// <param name="context">The context.</param>
    /// <param name="command">The command, if the guard may be called twice for it.</param>
    /// <exception cref="QueryWriteException">A query sent the command.</exception>
    public static void ReportReadOnlyError(Exception error, DbContext? context, Guid? command = null)
    {
        if (RouteFrame.Current is { IsQuery: true, Shadow: null } frame)
            throw WriteRefusal.CreateException(frame, context, "the database refused its command as a write", error);
        if (IGuardedConnection.Find(context) is { IsOnReplica: false } connection)
            connection.NotePrimaryRefusal(command, error);
    }

    private static void OnCommandFailed(CommandErrorEventData eventData)
    {
        if (RouteFrame.Current is { IsQuery: true, Shadow: { } shadow })
            shadow.Failed();
        if (IsReadOnlyError(eventData.Exception))
            ReportReadOnlyError(eventData.Exception, eventData.Context, eventData.CommandId);
    }
}
