namespace Cqrs.Routing.ConformanceTests.Model;

/// <summary>
/// The rules, written down once more and in the plainest way: what each read of a program should reach. Knows nothing of the library.
/// </summary>
public sealed class ReferenceModel(bool commandsInQueriesAllowed, bool contextsHaveScopes)
{
    private readonly List<string> _trace = [];
    private readonly List<string> _background = [];
    private bool _ambient;
    private bool _anyTransaction;

    public static IReadOnlyList<string> Run(Step[] program, bool commandsInQueriesAllowed, bool contextsHaveScopes)
    {
        var model = new ReferenceModel(commandsInQueriesAllowed, contextsHaveScopes);
        try
        {
            model.Run(program, new(), frame: null);
        }
        catch (ProgramFailure failure)
        {
            model._trace.Add($"end:{failure.Outcome}");
        }

        return [.. model._trace, .. model._background];
    }

    private void Run(Step[] body, ModelScope scope, ModelFrame? frame)
    {
        foreach (var step in body)
            Run(step, scope, frame);
    }

    private void Run(Step step, ModelScope scope, ModelFrame? frame)
    {
        switch (step)
        {
            case Step.Read:
                _trace.Add($"read:{Touch(scope, frame)}");
                break;
            case Step.TryWrite when frame is { MayWrite: false }:
                Touch(scope, frame);
                throw new ProgramFailure(Outcome.WriteRefused);
            case Step.TryWrite when _ambient || _anyTransaction:
                break;
            case Step.TryWrite:
                Touch(scope, frame);
                break;
            case Step.Send send:
                Send(send, scope, frame);
                break;
            case Step.Scope inner:
                Run(inner.Body, new(), frame);
                break;
            case Step.Transaction transaction:
                Transaction(transaction, scope, frame);
                break;
            case Step.OpenConnection open:
                HoldOpen(scope, frame, () => Run(open.Body, scope, frame));
                break;
            case Step.Ambient ambient:
                Ambient(ambient, scope, frame);
                break;
            case Step.ForcePrimary force:
                Run(force.Body, scope, new() { Outer = frame, Scope = frame?.Scope, MayWrite = frame?.MayWrite ?? true, MustBeFresh = true });
                break;
            case Step.BeginQuery query:
                Run(query.Body, scope, Query(SendKind.Query, frame?.Scope, frame));
                break;
            case Step.Fail fail:
                throw new ProgramFailure(fail.Canceled ? Outcome.Canceled : Outcome.Failed);
            case Step.Catch inner:
                Catch(inner, scope, frame);
                break;
            case Step.Background when _ambient:
                break;
            case Step.Background:
                _background.Add($"background:{Server.Primary},{Server.Replica}");
                break;
            default:
                throw new NotSupportedException(step.ToString());
        }
    }

    private void Send(Step.Send send, ModelScope scope, ModelFrame? outer)
    {
        var isCommand = send.Kind is SendKind.Command or SendKind.VoidCommand;
        if (isCommand && outer is { MayWrite: false } && !commandsInQueriesAllowed)
            throw new ProgramFailure(Outcome.CommandInQuery);

        Join(scope, outer);
        if (!isCommand && send.Kind != SendKind.Unmarked)
        {
            Run(send.Body, scope, Query(send.Kind, scope, outer));
            return;
        }

        var frame = new ModelFrame
        {
            Outer = outer,
            Scope = scope,
            MayWrite = isCommand || (outer?.MayWrite ?? true),
            MustBeFresh = isCommand || (outer?.MayWrite ?? true),
        };
        if (frame.MayWrite)
            scope.Session.RanCommand = true;
        try
        {
            Run(send.Body, scope, frame);
        }
        finally
        {
            if (frame is { MayWrite: true, UsedPrimary: true })
            {
                for (var query = outer; query is { MayWrite: false }; query = query.Outer)
                {
                    if (query.WantsReplica)
                        (query.WantsReplica, query.MustBeFresh) = (false, true);
                }
            }
        }
    }

    private static void Join(ModelScope scope, ModelFrame? outer)
    {
        if (outer?.Scope is not { } around)
            return;

        around.Session.RanCommand |= scope.Session.RanCommand;
        scope.Session = around.Session;
    }

    private static ModelFrame Query(SendKind kind, ModelScope? scope, ModelFrame? outer)
    {
        var onPrimary = outer is { WantsReplica: false } || kind == SendKind.QueryOnPrimary;
        return new() { Outer = outer, Scope = scope, MayWrite = false, WantsReplica = !onPrimary, MustBeFresh = onPrimary };
    }

    private Server Touch(ModelScope scope, ModelFrame? frame)
    {
        // A query that was begun without a mediator is its first context's user's.
        if (contextsHaveScopes && frame is { MayWrite: false, Scope: null })
            frame.Scope = scope;
        if (scope.OpenOn == Server.Replica && frame is { MustBeFresh: true })
            throw new ProgramFailure(Outcome.OpenOnReplica);

        if (frame is { WantsReplica: true, Scope.Session.RanCommand: true })
            SeeOwnWrites(scope, frame);
        var server = scope.OpenOn ?? (frame is { WantsReplica: true } && !_ambient ? Server.Replica : Server.Primary);
        if (server == Server.Primary)
        {
            for (var used = frame; used is not null; used = used.Outer)
                used.UsedPrimary = true;
        }

        return server;
    }

    private void SeeOwnWrites(ModelScope scope, ModelFrame frame)
    {
        if (scope.OpenOn == Server.Replica && scope.OpenedFor != frame.Outermost)
            throw new ProgramFailure(Outcome.OpenOnReplica);
        if (scope.OpenOn is not null || _ambient)
            return;

        for (var query = frame; query is { MayWrite: false }; query = query.Outer)
        {
            if (query.WantsReplica)
                (query.WantsReplica, query.MustBeFresh) = (false, true);
        }
    }

    private void Transaction(Step.Transaction step, ModelScope scope, ModelFrame? frame)
    {
        // One at a time: two of one context are an error of EF's, and two on one SQLite database wait for each other.
        if (_ambient || _anyTransaction)
        {
            Run(step.Body, scope, frame);
            return;
        }

        _anyTransaction = true;
        try
        {
            HoldOpen(scope, frame, () => Run(step.Body, scope, frame));
        }
        finally
        {
            _anyTransaction = false;
        }
    }

    private void HoldOpen(ModelScope scope, ModelFrame? frame, Action body)
    {
        var (before, openedFor) = (scope.OpenOn, scope.OpenedFor);
        scope.OpenOn = Touch(scope, frame);
        if (before is null)
            scope.OpenedFor = frame?.Outermost;
        try
        {
            body();
        }
        finally
        {
            (scope.OpenOn, scope.OpenedFor) = (before, openedFor);
        }
    }

    private void Ambient(Step.Ambient step, ModelScope scope, ModelFrame? frame)
    {
        // A transaction scope around an open transaction is EF's business, not routing's.
        if (_anyTransaction)
        {
            Run(step.Body, scope, frame);
            return;
        }

        var before = _ambient;
        _ambient = !step.Suppress;
        try
        {
            Run(step.Body, scope, frame);
        }
        finally
        {
            _ambient = before;
        }
    }

    private void Catch(Step.Catch step, ModelScope scope, ModelFrame? frame)
    {
        try
        {
            Run(step.Body, scope, frame);
        }
        catch (ProgramFailure failure)
        {
            _trace.Add($"caught:{failure.Outcome}");
        }
    }
}
