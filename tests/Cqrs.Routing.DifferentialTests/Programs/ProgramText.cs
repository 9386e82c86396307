using System.Globalization;
using System.Text;

namespace Cqrs.Routing.DifferentialTests.Programs;

/// <summary>A program as a person can read and repeat it, one line per step.</summary>
public static class ProgramText
{
    public static string Of(RandomProgram program)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"contexts: {program.Lifetime}; Office is {(program.OfficeIsRouted ? "routed" : "not routed")}");
        for (var i = 0; i < program.Turns.Length; i++)
            Append(text, program.Turns[i].Step, 0, $"{i + 1}. scope {program.Turns[i].Scope}: ");
        return text.Append("then every context saves").ToString();
    }

    public static string Of(Step.Act act) => $"{act.Where}.{act.Verb}({act.Target} #{act.Id}, register {act.Register}, {act.Amount})";

    private static void Append(StringBuilder text, Step step, int depth, string begin = "")
    {
        var (line, body) = step switch
        {
            Step.Act act => (Of(act), []),
            Step.Send { Kind: RequestKind.CommandInTransaction } send => ($"Send CommandInTransaction on {send.Where}", send.Body),
            Step.Send send => ($"Send {send.Kind}", send.Body),
            Step.BeginQuery query => ("using BeginQuery", query.Body),
            Step.ForcePrimary force => ("using ForcePrimary", force.Body),
            Step.Session session => ("using the session", session.Body),
            Step.SomebodyElse theirs => ($"somebody else: {theirs.Does} #{theirs.Id}", []),
            _ => (step.GetType().Name, Array.Empty<Step>()),
        };
        text.Append(' ', depth * 4).Append(begin).AppendLine(line);
        foreach (var inner in body)
            Append(text, inner, depth + 1);
    }
}
