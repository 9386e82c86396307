namespace Cqrs.Routing.DocsTests.Prelude;

public interface IAppCommand;
