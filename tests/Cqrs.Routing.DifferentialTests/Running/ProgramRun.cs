using Cqrs.Routing.DifferentialTests.Model;
using Cqrs.Routing.DifferentialTests.Programs;
using Cqrs.Routing.DifferentialTests.Worlds;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.DifferentialTests.Running;

/// <summary>Runs a random program on one wiring, and writes down whatever the program could see.</summary>
public sealed class ProgramRun
{
    private readonly Market _market;
    private readonly List<Observation> _seen = [];
    private readonly Registers _registers = new();
    private readonly SortedDictionary<int, AsyncServiceScope> _scopes = [];
    private readonly SortedDictionary<(int Scope, Where Where), MarketContext> _contexts = [];
    private readonly SortedDictionary<(int Scope, Where Where), string> _digests = [];

    private ProgramRun(Market market) => _market = market;

    public static async Task<IReadOnlyList<Observation>> RunAsync(RandomProgram program, Wiring wiring, Bench bench)
    {
        bench.Reset();
        await using var market = new Market(wiring, program.Lifetime, program.OfficeIsRouted, bench);
        var run = new ProgramRun(market);
        for (var i = 0; i < program.Turns.Length; i++)
            await run.TakeTurnAsync(program.Turns[i], $"turn {i + 1}");
        await run.EndAsync();
        return run._seen;
    }

    private async Task TakeTurnAsync(Turn turn, string name)
    {
        switch (turn.Step)
        {
            case Step.EndScope:
                await EndScopeAsync(turn.Scope);
                return;
            case Step.SomebodyElse theirs:
                _market.Bench.Apply(theirs);
                return;
        }

        if (!_scopes.TryGetValue(turn.Scope, out var scope))
            _scopes[turn.Scope] = scope = _market.Services.CreateAsyncScope();
        await ObserveFailureAsync(name, () => DoAsync(turn.Step, new(scope.ServiceProvider, turn.Scope)));
        LookAround(name);
    }

    private async Task EndAsync()
    {
        foreach (var (key, context) in _contexts)
        {
            var name = $"scope {key.Scope}, {key.Where}, saving at the end";
            await ObserveFailureAsync(name, async () => See(ObservationKind.Answer, name, Describe.Value(await context.SaveChangesAsync())));
        }

        LookAround("end");
        See(ObservationKind.Rows, "end", _market.Bench.ReadRows());
        foreach (var scope in _scopes.Keys.ToList())
            await EndScopeAsync(scope);
    }

    private async Task EndScopeAsync(int number)
    {
        if (!_scopes.Remove(number, out var scope))
            return;

        foreach (var where in Enum.GetValues<Where>())
        {
            _contexts.Remove((number, where));
            _digests.Remove((number, where));
        }

        await scope.DisposeAsync();
    }

    private async Task ObserveFailureAsync(string name, Func<Task> work)
    {
        try
        {
            await work();
        }
        // The program goes on: what matters is that it fails alike on both sides.
        catch (Exception e)
        {
            See(ObservationKind.Failure, name, e.GetType().FullName!, detail: e.Message);
        }
    }

    private void LookAround(string name)
    {
        foreach (var (key, context) in _contexts)
        {
            var digest = Digest.Of(context);
            // Most turns change one context.
            if (_digests.TryGetValue(key, out var before) && before == digest)
                continue;

            _digests[key] = digest;
            See(ObservationKind.Tracker, $"after {name}, scope {key.Scope}, {key.Where}", digest);
        }

        See(ObservationKind.Held, $"after {name}", string.Join('\n', _registers.All.Select(held => "  " + Describe.Entity(held.Entity))));
    }

    private void See(ObservationKind kind, string where, string text, bool mayBeStale = false, string? detail = null) =>
        _seen.Add(new(kind, where, text, mayBeStale, detail));

    private async Task DoAsync(Step[] body, Place place)
    {
        foreach (var step in body)
            await DoAsync(step, place);
    }

    private async Task DoAsync(Step step, Place place)
    {
        switch (step)
        {
            case Step.Act act:
                await ActAsync(act, place);
                break;
            case Step.Send send:
                await SendAsync(send, place);
                break;
            case Step.BeginQuery query:
                using (RouteScope.BeginQuery())
                    await DoForcedAsync(query.Body, place with { InQuery = true, InCommand = place.InCommand });
                break;
            case Step.ForcePrimary force:
                using (RouteScope.ForcePrimary())
                    await DoAsync(force.Body, place with { Forced = true });
                break;
            case Step.Session session:
                using (place.Services.GetService<RoutingSession>()?.Begin())
                    await DoAsync(session.Body, place);
                break;
            default:
                throw new NotSupportedException(step.ToString());
        }
    }

    private async Task SendAsync(Step.Send send, Place place)
    {
        var inside = send.Kind switch
        {
            RequestKind.Command or RequestKind.CommandInTransaction => place with { InCommand = true },
            RequestKind.Unclassified => place.InQuery ? place : place with { InCommand = true },
            RequestKind.QueryOnPrimary => place with { InQuery = true, Forced = true },
            _ => place with { InQuery = true },
        };
        var (before, registers, attempts) = (_seen.Count, _registers.Copy(), 0);
        Task Handle(Handling handling)
        {
            Begin();
            return DoForcedAsync(send.Body, inside with { Services = handling.Services });
        }

        // A query may be run again from its beginning. What it answered before does not count then.
        void Begin()
        {
            if (attempts++ == 0)
                return;
            _seen.RemoveRange(before, _seen.Count - before);
            _registers.Restore(registers);
        }

        var sender = place.Services.GetRequiredService<ISender>();
        switch (send.Kind)
        {
            case RequestKind.Query when send.Body.All(step => step is Step.Act { Verb: >= Verb.FirstNoTracking and <= Verb.SqlScalar }):
                await sender.Send(new Look(Handle));
                break;
            case RequestKind.Query:
                await sender.Send(new Read((Func<Handling, Task>)Handle));
                break;
            case RequestKind.QueryOnPrimary:
                await sender.Send(new ReadFromPrimaryQuery((Func<Handling, Task>)Handle));
                break;
            case RequestKind.Unclassified:
                await sender.Send(new Neither((Func<Handling, Task>)Handle));
                break;
            case RequestKind.Command:
                await sender.Send(new Write((Func<Handling, Task>)Handle));
                break;
            case RequestKind.CommandInTransaction:
                await sender.Send(new Write((Func<Handling, Task>)(handling => InTransactionAsync(send, inside with { Services = handling.Services }))));
                break;
            case RequestKind.Stream:
                await foreach (var _ in sender.CreateStream(new ReadStream(handling => Stream(send.Body, inside with { Services = handling.Services }, Begin))))
                {
                    // Whoever enumerates is outside the query between two elements.
                }

                break;
        }
    }

    private async Task InTransactionAsync(Step.Send send, Place place)
    {
        if (place.Transacting is not null)
        {
            await DoAsync(send.Body, place);
            return;
        }

        // A context for one act cannot hold a transaction for several.
        var context = GetContext(send.Where == Where.Fresh ? Where.Store : send.Where, place);
        await using var transaction = await context.Database.BeginTransactionAsync();
        await DoAsync(send.Body, place with { Transacting = context });
        await transaction.CommitAsync();
    }

    private async IAsyncEnumerable<object> Stream(Step[] body, Place place, Action begin)
    {
        begin();
        foreach (var step in body)
        {
            await DoForcedAsync([step], place);
            yield return step;
        }
    }

    private async Task DoForcedAsync(Step[] body, Place place)
    {
        using var forced = _market.Wiring == Wiring.Forced && place.InQuery ? RouteScope.ForcePrimary() : null;
        await DoAsync(body, place);
    }

    private async Task ActAsync(Step.Act act, Place place)
    {
        IDisposable? owner = null;
        var db = place.Transacting is MarketContext transacting ? transacting
            : act.Where == Where.Fresh ? _market.CreateFresh(out owner)
            : GetContext(act.Where, place);
        using (owner)
            await ActAsync(act, place, db);
    }

    private async Task ActAsync(Step.Act act, Place place, MarketContext db)
    {
        var name = ProgramText.Of(act);
        var frozen = _market.Bench.World == World.FrozenLag;
        switch (act.Verb)
        {
            case <= Verb.FindWhileReading:
                Hold(act, name, await TrackedReads.ReadAsync(db, act), notTracked: false);
                break;
            case <= Verb.SqlScalar:
                if (_market.Wiring == Wiring.ByHand && place.MayBeStale)
                    db = _market.CreateOnReplica(db is StoreContext);
                var answer = await UntrackedReads.ReadAsync(db, act);
                // What a replica says may be old, and a program that writes it back has only itself to blame.
                if (frozen && place.MayBeStale)
                    See(ObservationKind.Answer, name, answer as string ?? Describe.Entity(answer), mayBeStale: true);
                else if (answer is string text)
                    See(ObservationKind.Answer, name, text);
                else
                    Hold(act, name, answer, notTracked: true);
                break;
            case <= Verb.ToggleDetection:
                // What such an entity gets may be a replica's, as all that is not tracked.
                if (frozen && place.MayBeStale && LoadsUntracked(act, db))
                    break;
                if (await TrackerActs.DoAsync(db, act, _registers) is { } seen)
                    See(ObservationKind.Answer, name, seen, frozen && place.MayBeStale && Verbs.MayBeStale(act.Verb));
                break;
            case <= Verb.AddLazily:
                if (!(frozen && place.MayBeStale && Verbs.LoadsLazily(act.Verb) && _registers[act.Target, act.Register] is { NotTracked: true }))
                    Edits.Do(act, _registers);
                break;
            default:
                See(ObservationKind.Answer, name, Describe.Value(await Writes.DoAsync(db, act)));
                break;
        }
    }

    private bool LoadsUntracked(Step.Act act, MarketContext db) =>
        Verbs.LoadsInto(act.Verb) && _registers[act.Target, act.Register]?.Entity is { } entity && db.Entry(entity).State == EntityState.Detached;

    private void Hold(Step.Act act, string name, object? entity, bool notTracked)
    {
        See(ObservationKind.Answer, name, Describe.Entity(entity));
        var target = entity switch
        {
            Order => Target.Order,
            Product => Target.Product,
            Tag => Target.Tag,
            Customer => Target.Customer,
            _ => act.Target,
        };
        _registers[target, act.Register] = entity is null ? null : new(entity, notTracked);
    }

    private MarketContext GetContext(Where where, Place place)
    {
        MarketContext context = where == Where.Office
            ? place.Services.GetRequiredService<OfficeContext>()
            : place.Services.GetRequiredService<StoreContext>();
        return _contexts[(place.Scope, where)] = context;
    }
}
