using CsCheck;

namespace Cqrs.Routing.ConformanceTests.Model;

/// <summary>Random programs of a few nested steps.</summary>
public static class ProgramGen
{
    private const int MaxDepth = 5;

    public static readonly Gen<Step[]> Programs = Body(MaxDepth);

    private static Gen<Step[]> Body(int depth) => StepOf(depth).Array[1, depth >= MaxDepth - 1 ? 4 : 3];

    private static Gen<Step> StepOf(int depth)
    {
        var leaves = Gen.Frequency(
            (10, Gen.Const<Step>(new Step.Read())),
            (2, Gen.Const<Step>(new Step.TryWrite())),
            (1, Gen.Bool.Select(canceled => (Step)new Step.Fail(canceled))),
            (1, Gen.Const<Step>(new Step.Background())));
        if (depth == 0)
            return leaves;

        var body = Body(depth - 1);
        return Gen.Frequency(
            (8, leaves),
            (10, Gen.Enum<SendKind>().Select(body, (kind, steps) => (Step)new Step.Send(kind, steps))),
            (2, body.Select(steps => (Step)new Step.Scope(steps))),
            (3, body.Select(steps => (Step)new Step.Transaction(steps))),
            (2, body.Select(steps => (Step)new Step.OpenConnection(steps))),
            (2, Gen.Bool.Select(body, (suppress, steps) => (Step)new Step.Ambient(suppress, steps))),
            (2, body.Select(steps => (Step)new Step.ForcePrimary(steps))),
            (2, body.Select(steps => (Step)new Step.BeginQuery(steps))),
            (4, body.Select(steps => (Step)new Step.Catch(steps))));
    }
}
