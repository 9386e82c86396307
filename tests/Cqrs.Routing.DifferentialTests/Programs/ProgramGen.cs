using Cqrs.Routing.DifferentialTests.Model;
using CsCheck;

namespace Cqrs.Routing.DifferentialTests.Programs;

/// <summary>Random programs of a few turns. A query never writes and never sends a command: both are refused on purpose.</summary>
public static class ProgramGen
{
    private const int MaxTurns = 9;
    private const int MaxBody = 4;
    private const int MaxDepth = 2;

    private static readonly Gen<Where> Wheres = Gen.Frequency((8, Where.Store), (2, Where.Office), (1, Where.Fresh));

    private static readonly Gen<Target> Targets = Gen.Frequency((4, Target.Customer), (3, Target.Order), (2, Target.Product), (2, Target.Tag));

    private static readonly Gen<Step> ReadingActs = Acts(
        (6, Gen.Frequency((3, Verb.Find), (2, Verb.First), (2, Verb.Include))),
        (6, Gen.OneOf(Verbs.Tracking)),
        (5, Gen.OneOf(Verbs.NotTracking)),
        (6, Gen.OneOf(Verbs.OfTracker)),
        (6, Gen.OneOf(Verbs.Editing)),
        (3, Gen.Const(Verb.EditScalar)));

    private static readonly Gen<Step> AllActs = Gen.Frequency(
        (5, ReadingActs),
        (2, Acts((4, Gen.Frequency((1, Verb.Save), (3, Verb.SaveAsync))), (1, Gen.OneOf(Verbs.Writing)))));

    private static readonly Gen<Turn> Turns = Gen.Select(
        Gen.Frequency((6, 0), (2, 1), (1, 2)),
        Gen.Frequency(
            (14, StepOf(MaxDepth, inQuery: false)),
            (1, Gen.Const<Step>(new Step.EndScope())),
            (2, Gen.Select(Gen.Frequency([(4, Theirs.Increment), .. Enum.GetValues<Theirs>().Select(theirs => (1, theirs))]), Gen.Int[1, Seed.Ids], (does, id) => (Step)new Step.SomebodyElse(does, id)))),
        (scope, step) => new Turn(scope, step));

    public static readonly Gen<RandomProgram> Programs = Gen.Select(
        Gen.Enum<ContextLifetime>(), Gen.Frequency((3, true), (1, false)), Turns.Array[1, MaxTurns], (lifetime, routed, turns) => new RandomProgram(lifetime, routed, turns));

    private static Gen<Step> Acts(params (int, IGen<Verb>)[] verbs) => Gen.Select(
        Gen.Frequency(verbs), Targets, Wheres, Gen.Int[0, 1], Gen.Int[1, Seed.Ids], Gen.Int[1, 9],
        (verb, target, where, register, id, amount) => (Step)new Step.Act(verb, target, where, register, id, amount));

    private static Gen<Step> StepOf(int depth, bool inQuery)
    {
        var acts = inQuery ? ReadingActs : AllActs;
        if (depth == 0)
            return acts;

        var same = StepOf(depth - 1, inQuery).Array[1, MaxBody];
        var query = StepOf(depth - 1, inQuery: true).Array[1, MaxBody];
        var queries = Gen.Frequency(
            (10, query.Select(body => (Step)new Step.Send(RequestKind.Query, Where.Store, body))),
            (1, query.Select(body => (Step)new Step.Send(RequestKind.QueryOnPrimary, Where.Store, body))),
            (1, query.Select(body => (Step)new Step.Send(RequestKind.Stream, Where.Store, body))),
            (4, query.Select(body => (Step)new Step.BeginQuery(body))));
        var others = Gen.Frequency(
            (2, same.Select(body => (Step)new Step.ForcePrimary(body))),
            (1, same.Select(body => (Step)new Step.Session(body))),
            (1, same.Select(body => (Step)new Step.Send(RequestKind.Unclassified, Where.Store, body))));
        if (inQuery)
            return Gen.Frequency((16, acts), (2, queries), (1, others));

        var commands = Gen.Frequency(
            (4, same.Select(body => (Step)new Step.Send(RequestKind.Command, Where.Store, body))),
            (1, Gen.Select(Wheres, same, (where, body) => (Step)new Step.Send(RequestKind.CommandInTransaction, where, body))));
        return depth == MaxDepth
            ? Gen.Frequency((6, acts), (6, queries), (6, commands), (1, others))
            : Gen.Frequency((16, acts), (2, queries), (1, commands), (1, others));
    }
}
