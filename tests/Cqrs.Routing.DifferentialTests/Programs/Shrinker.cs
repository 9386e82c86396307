namespace Cqrs.Routing.DifferentialTests.Programs;

/// <summary>Takes away what a failing program fails without.</summary>
public static class Shrinker
{
    private const int MaxTries = 400;

    public static async Task<RandomProgram> ShrinkAsync(RandomProgram program, Func<RandomProgram, Task<bool>> fails)
    {
        var tries = 0;
        for (var again = true; again;)
        {
            again = false;
            foreach (var smaller in Smaller(program))
            {
                if (++tries > MaxTries)
                    return program;
                if (!await fails(smaller))
                    continue;

                program = smaller;
                again = true;
                break;
            }
        }

        return program;
    }

    private static IEnumerable<RandomProgram> Smaller(RandomProgram program)
    {
        foreach (var turns in Without(program.Turns))
            yield return program with { Turns = turns };
        for (var i = 0; i < program.Turns.Length; i++)
        {
            foreach (var step in Smaller(program.Turns[i].Step))
                yield return program with { Turns = Replace(program.Turns, i, program.Turns[i] with { Step = step }) };
            if (program.Turns[i].Scope != 0)
                yield return program with { Turns = Replace(program.Turns, i, program.Turns[i] with { Scope = 0 }) };
        }

        if (program.Lifetime != ContextLifetime.Scoped)
            yield return program with { Lifetime = ContextLifetime.Scoped };
        if (!program.OfficeIsRouted)
            yield return program with { OfficeIsRouted = true };
    }

    private static IEnumerable<Step> Smaller(Step step) => step switch
    {
        Step.Act { Where: not Where.Store } act => [act with { Where = Where.Store }],
        Step.Send { Kind: RequestKind.CommandInTransaction } send => [send with { Kind = RequestKind.Command }, .. Bodies(send.Body, body => send with { Body = body })],
        Step.Send send => Bodies(send.Body, body => send with { Body = body }),
        Step.BeginQuery query => Bodies(query.Body, body => new Step.BeginQuery(body)),
        Step.ForcePrimary force => Bodies(force.Body, body => new Step.ForcePrimary(body)),
        Step.Session session => Bodies(session.Body, body => new Step.Session(body)),
        _ => [],
    };

    private static IEnumerable<Step> Bodies(Step[] body, Func<Step[], Step> with)
    {
        foreach (var less in Without(body))
            yield return with(less);
        for (var i = 0; i < body.Length; i++)
        {
            foreach (var smaller in Smaller(body[i]))
                yield return with(Replace(body, i, smaller));
        }
    }

    private static IEnumerable<T[]> Without<T>(T[] all)
    {
        for (var i = all.Length - 1; i >= 0; i--)
            yield return [.. all[..i], .. all[(i + 1)..]];
    }

    private static T[] Replace<T>(T[] all, int index, T with)
    {
        var copy = all.ToArray();
        copy[index] = with;
        return copy;
    }
}
