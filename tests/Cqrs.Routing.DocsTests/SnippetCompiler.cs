using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Cqrs.Routing.DocsTests;

/// <summary>Compiles a snippet with the usings of an ordinary application and the names in <see cref="Prelude"/>.</summary>
internal static class SnippetCompiler
{
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Data.Common;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Cqrs.Routing;
        global using Cqrs.Routing.DocsTests.Prelude;
        global using Cqrs.Routing.Testing;
        global using Dapper;
        global using MediatR;
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.EntityFrameworkCore;
        global using Microsoft.EntityFrameworkCore.Infrastructure;
        global using Microsoft.Extensions.Configuration;
        global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.DependencyInjection.Extensions;
        global using Npgsql;
        global using OpenTelemetry;
        global using Xunit;
        """;

    private static readonly CSharpParseOptions Language = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest);

    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>What is wrong with it, each with document and line; nothing if it compiles.</summary>
    public static IReadOnlyList<string> ErrorsOf(Snippet snippet)
    {
        SyntaxTree[] sources = [CSharpSyntaxTree.ParseText(Usings, Language), CSharpSyntaxTree.ParseText(Wrap(snippet), Language)];
        return
        [
            .. CSharpCompilation.Create("Snippet", sources, References, new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable))
                .GetDiagnostics().Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(Text),
        ];
    }

    // Types stay types; statements become a method's, with the prelude's variables around them. Names of the snippet go before the prelude's.
    private static string Wrap(Snippet snippet)
    {
        var root = CSharpSyntaxTree.ParseText(snippet.Code, Language).GetCompilationUnitRoot();
        var source = new StringBuilder();
        foreach (var directive in root.Usings)
            Append(source, snippet, directive);
        source.AppendLine("namespace Documentation {");
        source.AppendLine("internal sealed class Snippet : Variables { internal async Task RunAsync() { await Task.CompletedTask;");
        foreach (var statement in root.Members.OfType<GlobalStatementSyntax>())
            Append(source, snippet, statement);
        source.AppendLine("} }");
        foreach (var type in root.Members.Where(static member => member is not GlobalStatementSyntax))
            Append(source, snippet, type);
        return source.AppendLine("}").ToString();
    }

    private static void Append(StringBuilder source, Snippet snippet, CSharpSyntaxNode node)
    {
        var line = snippet.Line + node.SyntaxTree.GetLineSpan(node.FullSpan).StartLinePosition.Line;
        source.Append(CultureInfo.InvariantCulture, $"\n#line {line} \"{snippet.Document}\"\n").Append(node.ToFullString()).Append("\n#line default\n");
    }

    private static string Text(Diagnostic diagnostic)
    {
        var place = diagnostic.Location.GetMappedLineSpan();
        return $"{place.Path}({place.StartLinePosition.Line + 1}): {diagnostic.Id} {diagnostic.GetMessage(CultureInfo.InvariantCulture)}";
    }
}
